"""Fields that read what people type the same way on every form, and keep it in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberDescriptor, PhoneNumberField
from phonenumber_field.phonenumber import PhoneNumber

from marche.common.names import clean_line, has_address, is_nobody, shown_name
from marche.common.telephone import phone, read_number

WRONG_NUMBER = _("This telephone number is not right: 03 53 01 02 03, for instance.")


def require_number(value: object) -> None:
    """Raise ValidationError for what is no telephone number."""
    if value and read_number(value) is None:
        raise ValidationError(WRONG_NUMBER, code="invalid")


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """A field of this form whose choices are known only when the form is made."""
    return cast(forms.ChoiceField, form.fields[name])


class PhoneFormField(forms.CharField):
    """A telephone number in any form in which people write it. Empty, or a PhoneNumber."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    default_error_messages = {"invalid": WRONG_NUMBER}

    def prepare_value(self, value: Any) -> Any:
        """A number that is known stands there as it is read; what was just typed stays as it was typed."""
        return phone(value) if isinstance(value, PhoneNumber) else value

    def to_python(self, value: Any) -> Any:
        typed = str(super().to_python(value))
        if not typed:
            return ""
        number = read_number(typed)
        if number is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(phone(initial) != phone(data))


class _Descriptor(PhoneNumberDescriptor):
    def __set__(self, instance: Any, value: Any) -> None:
        super().__set__(instance, (read_number(value) if value else None) or value)


class PhoneField(PhoneNumberField):
    """The library's column, with our reading of numbers. Migrations know it as the library's."""

    descriptor_class = _Descriptor
    default_validators = [require_number]

    if TYPE_CHECKING:  # of a row: its number

        def __get__(self, instance: object, owner: object) -> Any: ...

    def to_python(self, value: Any) -> Any:
        return (read_number(value) if value else None) or super().to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        number = read_number(value) if value else None
        return number.as_e164 if number else super().get_prep_value(value)

    def formfield(self, **kwargs: Any) -> Any:
        kwargs = {"form_class": PhoneFormField, **kwargs}
        kwargs.pop("region", None)
        return super(PhoneNumberField, self).formfield(**kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "phonenumber_field.modelfields.PhoneNumberField", args, kwargs


class LineFormField(forms.CharField):
    """A short text on one line, without what can't be seen."""

    def to_python(self, value: Any) -> Any:
        typed = str(super().to_python(value))
        return typed if self.max_length and len(typed) > 4 * self.max_length else clean_line(typed)


class NameFormField(LineFormField):
    """The name of a person: something with a letter in it, and no address, link or number to telephone."""

    default_error_messages = {
        "address": _("Write only a name here, without any address, link or telephone number."),
    }

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.max_length and len(value) > self.max_length:
            return  # its length is said, and a book is not searched for addresses
        if value and is_nobody(value):
            raise ValidationError(self.error_messages["required"], code="required")
        if has_address(value):
            raise ValidationError(self.error_messages["address"], code="address")


class NameField(models.CharField):
    """The name of a person. Whatever was kept in earlier times is read as it may be printed."""

    def from_db_value(self, value: Any, expression: object, connection: object) -> Any:
        return shown_name(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        kept = super().get_prep_value(value)
        return clean_line(kept) if isinstance(kept, str) else kept

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": NameFormField, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
