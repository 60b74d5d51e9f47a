"""The outbox: a message is a row, written in the transaction of the fact it tells."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marche.outbox.querysets import MessageQuerySet


class Message(models.Model):
    """One mail to one person about one fact, sent once.

    `kind` names the registered content (see registry.py), `subject_id` the row it speaks of, `revision` which
    telling of it this is. The four together are unique, so saying the same thing twice is impossible.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=40)
    subject_id = models.BigIntegerField(_("subject"))
    recipient = models.EmailField(_("recipient"), max_length=254)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    language = models.CharField(_("language"), max_length=5, default="fr")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"))
    error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "recipient", "revision"], name="a_fact_is_told_once_to_a_person"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="messages_to_send"),
            models.Index(fields=["kind", "subject_id"], condition=models.Q(state="failed"), name="messages_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} r{self.revision}"
