"""Recomputes the ids of vectors.json, as a Python producer would. Ends 1, naming each vector that differs."""
import hashlib
import json
import pathlib
import sys
import unicodedata
from decimal import Decimal


def number(value):
    """A number as RFC 8785 spells it: that of an IEEE double in ECMAScript."""
    value = float(value)
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits))
    exponent += len(text) - len(text.rstrip("0"))
    text = text.rstrip("0")
    point = len(text) + exponent
    if 0 < point <= 21:
        text = text + "0" * (point - len(text)) if point >= len(text) else text[:point] + "." + text[point:]
    elif -6 < point <= 0:
        text = "0." + "0" * -point + text
    else:
        text = text[0] + ("." + text[1:] if len(text) > 1 else "") + "e" + ("+" if point > 0 else "-") + str(abs(point - 1))
    return ("-" if sign else "") + text


def canonical(value):
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return number(value)


def digest(*parts):
    return hashlib.sha256(canonical(list(parts)).encode()).hexdigest()[:32]


PREFIXES = {"tool": "tl", "flow": "fl", "prompt": "pr", "evaluator": "ev"}


def pick(given, keys):
    return {key: given[key] for key in keys if given.get(key) is not None and given[key] != {}}


def normal(kind, details):
    if kind == "flow":
        return pick(details, ["attributes"])
    if kind != "tool":
        return pick(details, list(details))
    tool = pick(details, ["function", "source_code", "setup_values", "attributes"])
    if "function" in tool:
        tool["function"] = {"strict": False, **pick(tool["function"], ["name", "description", "strict", "parameters"])}
    return tool


def run(log):
    text = digest("run", log)
    return "-".join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])


COMPUTE = {
    "canonical": lambda text: canonical(json.loads(text)),
    "file": lambda kind, path: PREFIXES[kind] + "_" + digest("file", kind, unicodedata.normalize("NFC", path).strip("/")),
    "version": lambda kind, file, details: PREFIXES[kind] + "v_" + digest("version", file, normal(kind, json.loads(details))),
    "log_of_body": lambda body_hash: "log_" + digest("log", body_hash),
    "log_of_span": lambda trace, span: "log_" + digest("span", trace, span),
    "evaluator_log": lambda log, revision, evaluator, version: "log_" + digest("evaluator_log", log, revision, evaluator, version),
    "dead_letter": lambda kind, body_hash, reason: digest("dead_letter", kind, body_hash, reason),
    "run": run,
}

vectors = json.loads((pathlib.Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
differ = 0
for vector in vectors:
    computed = COMPUTE[vector["of"]](*vector["given"])
    if computed != vector["expected"]:
        differ += 1
        print(f"{vector['of']}({vector['given']}): {computed}, expected {vector['expected']}", file=sys.stderr)
print(f"{len(vectors)} vectors, {differ} differ")
sys.exit(0 if differ == 0 else 1)
