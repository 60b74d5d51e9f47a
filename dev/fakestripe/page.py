"""The pages a person sees in place of Stripe's: plain forms, in French, without scripts."""

from html import escape

from dev.fakestripe.cards import CARDS
from dev.fakestripe.refusals import Json

_LAYOUT = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }}
h1 {{ font-size: 1.5rem }}
fieldset {{ border: 1px solid #888; border-radius: .5rem; margin: 1rem 0; padding: .5rem 1rem }}
label {{ display: block; padding: .5rem 0 }}
button {{ font: inherit; width: 100%; min-height: 3rem; margin: .3rem 0 }}
td:last-child {{ text-align: right; padding-left: 1rem }}
[role=alert] {{ border: 2px solid #b00020; border-radius: .5rem; padding: .5rem 1rem }}
</style>
</head>
<body>
<p><strong>Simulation de Stripe</strong>\u00a0: aucun argent ne circule.</p>
<h1>{title}</h1>
{content}
</body>
</html>
"""
MESSAGES = {
    "generic_decline": "Votre carte a été refusée.",
    "insufficient_funds": "Votre carte a été refusée\u00a0: provision insuffisante.",
    "payment_intent_authentication_failure": "L’authentification a échoué. Choisissez une autre carte.",
}


def layout(title: str, content: str) -> str:
    return _LAYOUT.format(title=escape(title), content=content)


def euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}\u00a0€"


def payment(session: Json, lines: list[Json], message: str = "") -> str:
    """The choice of a card, and why the last one was refused."""
    here = f"/c/pay/{session['id']}"
    rows = "".join(
        f"<tr><td>{line['quantity']} × {escape(line['price_data']['product_data']['name'])}</td>"
        f"<td>{euros(line['quantity'] * line['price_data']['unit_amount'])}</td></tr>"
        for line in lines
    )
    cards = "".join(
        f'<label><input type="radio" name="card" value="{card.number}"{" checked" if place == 0 else ""}> '
        f"{' '.join(card.number[at : at + 4] for at in range(0, 16, 4))}\u00a0: {card.label}</label>"
        for place, card in enumerate(CARDS.values())
    )
    alert = f'<p role="alert">{escape(message)}</p>' if message else ""
    back = f'<p><a id="back" href="{escape(session["cancel_url"])}">Retour</a></p>' if session["cancel_url"] else ""
    content = f"""{alert}<table>{rows}</table><p>Total\u00a0: <strong>{euros(session["amount_total"])}</strong></p>
<form method="post" action="{here}/pay">
<fieldset><legend>Carte</legend>{cards}</fieldset>
<button id="pay">Payer</button>
<button id="pay-and-close" formaction="{here}/pay-and-close">Payer et fermer l’onglet</button>
</form>{back}"""
    return layout(f"Payer {euros(session['amount_total'])}", content)


def challenge(session: Json, number: str, closing: bool) -> str:
    """The bank's question for a card with 3-D Secure."""
    here = f"/c/pay/{session['id']}"
    content = f"""<p>Votre banque demande si ce paiement de {euros(session["amount_total"])} est bien le vôtre.</p>
<form method="post" action="{here}/accept">
<input type="hidden" name="card" value="{escape(number)}">
<input type="hidden" name="closing" value="{"yes" if closing else ""}">
<button id="accept">Accepter</button>
<button id="refuse" formaction="{here}/refuse">Refuser</button>
</form>"""
    return layout("Authentification 3\u2011D Secure", content)


def closed() -> str:
    return layout("Onglet fermé", "<p>Le paiement est fait. Le site du marché n’a pas été rappelé.</p>")


def over() -> str:
    return layout("Paiement terminé", "<p>Cette page de paiement a déjà servi, ou a expiré.</p>")


def onboarding(secret: str) -> str:
    """The end of Stripe's questions to a producer, whichever one wishes."""
    here = f"/setup/e/{escape(secret)}"
    content = f"""<form method="post" action="{here}/finish">
<button id="finish">Tout est renseigné et vérifié</button>
<button id="submit" formaction="{here}/submit">Tout est renseigné, vérification en cours</button>
<button id="leave" formaction="{here}/leave">Reprendre plus tard</button>
</form>"""
    return layout("Ouverture du compte Stripe", content)
