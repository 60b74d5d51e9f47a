"""What we ask of Stripe: rows written with the fact that wants them, carried out afterwards, once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marche.payments.models.attempts import PaymentAttempt, Share, new_key
from marche.payments.querysets import InstructionQuerySet, MovementQuerySet

TRIES_PER_KEY = 5
CAME_BACK = "refund-failed"  # the error of a refund that the resident's bank sent back, at `due_at`


class Instruction(models.Model):
    """One request to Stripe that moves money, or keeps it from moving: the outbox of money.

    `key` and `parameters` are written with the row and sent as they are, however often it takes.
    """

    class Kind(models.TextChoices):
        EXPIRE = "expire", _("end the payment page")
        VOID = "void", _("release the authorisation")
        CAPTURE = "capture", _("take the money")
        REFUND = "refund", _("refund the resident")
        TRANSFER = "transfer", _("pay the producer")
        REVERSAL = "reversal", _("take back from the producer")
        NETTING = "netting", _("settle a debt with what is owed")  # between two shares: Stripe is not asked

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")  # by Stripe, for good: a manager decides
        DROPPED = "dropped", _("given up")  # after a refusal, by a manager or by what came after it

    attempt = models.ForeignKey(
        PaymentAttempt, models.PROTECT, related_name="instructions", verbose_name=_("payment by card")
    )
    kind = models.CharField(_("what"), max_length=8, choices=Kind)
    cents = models.PositiveIntegerField(_("amount (cents)"), default=0)
    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    parameters = models.JSONField(_("what is asked of Stripe"), default=dict)
    target = models.CharField(_("acts upon"), max_length=100, blank=True)  # Stripe's id, where there is one
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("next try"))
    error = models.CharField(_("last error"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    stripe_id = models.CharField(_("number at Stripe"), max_length=60, blank=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("instruction to Stripe")
        verbose_name_plural = _("instructions to Stripe")
        constraints = [
            models.UniqueConstraint(
                fields=["attempt"],
                condition=Q(kind__in=["void", "capture"], state__in=["waiting", "done"]),
                name="captured_or_released_once",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="instructions_to_carry_out"),
            models.Index(fields=["attempt"], condition=Q(state="refused"), name="instructions_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def key_now(self) -> str:
        """The idempotency key of this try. Stripe gives the answer of a key again for a day, be it an error of its own:
        after some tries, each of which has looked first whether it was done, another key is used.
        """
        return self.key if self.tries <= TRIES_PER_KEY else f"{self.key}-{(self.tries - 1) // TRIES_PER_KEY}"


class Movement(models.Model):
    """The ledger: what an instruction moves, share by share, in cents. It counts once the instruction is done.

    Positive is towards the market for what comes from the resident (capture), and towards the producer for what goes on
    to it (transfer); a refund, a reversal and what is netted are negative.
    """

    instruction = models.ForeignKey(Instruction, models.CASCADE, related_name="movements", verbose_name=_("request"))
    share = models.ForeignKey(Share, models.PROTECT, related_name="movements", verbose_name=_("part of a producer"))
    cents = models.IntegerField(_("amount (cents)"))

    objects = MovementQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        constraints = [models.CheckConstraint(condition=~Q(cents=0), name="a_movement_moves")]

    def __str__(self) -> str:
        return f"{self.instruction} {self.cents}"
