"""docker-compose.yml against the published schema, and against what production needs of it."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from dev import ROOT

SCHEMA = Path(__file__).with_name("compose-spec.json")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOT = {"migrate"}


def test_the_file_follows_the_published_schema() -> None:
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(COMPOSE)


def test_the_schema_would_refuse_a_misspelt_key() -> None:
    wrong = {"services": {"web": {"image": "marche:1", "helthcheck": {}}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(wrong)


def test_production_has_all_its_parts() -> None:
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "valkey", "caddy", "mailpit"}


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned_to_a_full_version(name: str) -> None:
    assert re.search(r":v?\d+\.\d+(\.\d+)?(-\w+)?$", SERVICES[name]["image"])


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONE_SHOT))
def test_every_lasting_service_has_a_health_check(name: str) -> None:
    own = SERVICES[name].get("healthcheck")
    from_image = name == "web" and "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    assert (own and own["test"]) or from_image


def test_only_caddy_is_reachable_from_outside() -> None:
    ports = {name: port for name, service in SERVICES.items() for port in service.get("ports", [])}
    assert {name for name, port in ports.items() if not port.startswith("127.0.0.1:")} == {"caddy"}


def test_whoever_is_waited_for_exists() -> None:
    awaited = {other for service in SERVICES.values() for other in service.get("depends_on", ())}
    assert awaited <= set(SERVICES)


def test_the_mail_catcher_is_not_part_of_production() -> None:
    assert [name for name, service in SERVICES.items() if service.get("profiles")] == ["mailpit"]


def test_named_volumes_are_declared() -> None:
    mounts = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    assert {mount for mount in mounts if not mount.startswith(".")} == set(COMPOSE["volumes"])
