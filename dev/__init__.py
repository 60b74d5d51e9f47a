"""What a developer needs and a city never gets: services to work with, a demo market, and measures."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"  # everything that running, testing and rehearsing leave behind; ignored by git
