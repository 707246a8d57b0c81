"""Adds up what the runs of schemathesis counted, writes the sum, and fails when too little was tried: tally.py COUNTS SEED SUM."""

import collections
import json
import sys

LEAST_EXAMPLES = 2000

counts, seed, out = sys.argv[1:]
runs = [json.loads(line) for line in open(counts, encoding="utf-8")]
added = {name: sum((collections.Counter(run[name]) for run in runs), collections.Counter()) for name in ("operations", "outcomes", "kinds")}
roles = {role: [run for run in runs if run["role"] == role] for role in ("youth", "officer")}
tally = {
    "seed": int(seed),
    "examples": sum(run["examples"] for run in runs),
    "pushes_read": {role: sum(run["pushes"] for run in mine) for role, mine in roles.items()},
    "results_applied": {role: sum(run["outcomes"].get("applied", 0) for run in mine) for role, mine in roles.items()},
    **{name: dict(sorted(counter.items())) for name, counter in added.items()},
}
with open(out, "w", encoding="utf-8") as file:
    json.dump(tally, file, indent=1)
print(f"{tally['examples']} examples on {len(tally['operations'])} operations; pushes read {tally['pushes_read']}, outcomes {tally['outcomes']}")
faults = [f"only {tally['examples']} examples of {LEAST_EXAMPLES}"] if tally["examples"] < LEAST_EXAMPLES else []
faults += [f"no push of the {role} was read" for role, count in tally["pushes_read"].items() if count == 0]
faults += [f"no action of the {role} was applied" for role, count in tally["results_applied"].items() if count == 0]
sys.exit("; ".join(faults) + ": see tests/contract/hooks.py" if faults else 0)
