"""The strict shape of every recorded answer.

usage: check.py FOLDER

FOLDER holds JSONL files, a line an answer: {method, path, version, key, status, type, body}, as
xtask's recorder and the server's own tests leave them. Each answer is held against Stripe's
published document made strict (document.py). Before that, answers that are known to be right are
spoilt in every way there is, and each spoilt one must be found wrong (mutations.py): a check that
passes everything proves nothing.
"""

import collections
import json
import pathlib
import sys

import answers
import mutations
from document import Document

# So many different findings are printed; all are counted.
SHOWN = 60


def main():
    folder = pathlib.Path(sys.argv[1])
    document = Document()
    spoilt, unnoticed = mutations.run(document)
    print(f"spoilt answers: {spoilt}, of which went unnoticed: {len(unnoticed)}")
    for finding in unnoticed[:SHOWN]:
        print(f"  unnoticed: {finding}")

    passed = failed = exempt = 0
    findings = collections.Counter()
    first = {}
    seen = collections.Counter()
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.open(encoding="utf-8"), 1):
            answer = answers.Answer(json.loads(line))
            if answer.is_exempt():
                exempt += 1
                continue
            wrong = answer.look(document)
            seen[answer.route()] += 1
            failed += bool(wrong)
            passed += not wrong
            for finding in wrong:
                text = f"{answer.route()}: {finding}"
                findings[text] += 1
                first.setdefault(text, f"{file.name}:{number} ({answer.status})")
    for route in sorted(seen):
        print(f"{seen[route]:6} {route}")
    print(f"{exempt:6} exempt: pages, and what Stripe does not have (/onfile/v1)")
    for text, times in findings.most_common(SHOWN):
        print(f"wrong {times} times, first at {first[text]}: {text}")
    if len(findings) > SHOWN:
        print(f"and {len(findings) - SHOWN} other findings")
    if passed + failed == 0:
        print(f"no answer was recorded in {folder}")
        failed = 1
    failed += len(unnoticed)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
