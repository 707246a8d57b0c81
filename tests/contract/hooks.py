"""Who schemathesis is, and what it does at the sync door. ROLE is youth or officer, BASE the address of the server, COUNTS a file."""

import atexit
import base64
import collections
import json
import os
import pathlib
import random
import uuid

import requests
import schemathesis

BASE = os.environ["BASE"]
ROLE = os.environ["ROLE"]
KINDS_OF_PROBLEM = {page.stem for page in pathlib.Path("openapi/problems").glob("*.md")} - {"README"}

counts = {"examples": 0, "operations": collections.Counter(), "pushes": 0, "outcomes": collections.Counter(), "kinds": collections.Counter()}


@atexit.register
def write_counts():
    with open(os.environ["COUNTS"], "a", encoding="utf-8") as file:
        print(json.dumps({"role": ROLE, **counts}), file=file)


@schemathesis.auth(refresh_interval=60)
class Session:
    current = None

    def get(self, case, context):
        # A new device each time: the run finds out how to end the one it has, which is right, and would stand outside from then on.
        device = str(uuid.uuid4())
        if ROLE == "youth":
            youth = {
                "account_id": str(uuid.uuid4()),
                "device_id": device,
                "secret": base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode(),
                "code": "".join(str(byte % 10) for byte in os.urandom(16)),
                "locale": "sv",
            }
            answer = requests.post(f"{BASE}/api/v1/identity/devices", json=youth, timeout=20)
        else:
            number = requests.get(f"{BASE}/api/v1/identity/demo", timeout=20).json()["officers"][0]["public_number"]
            answer = requests.post(f"{BASE}/api/v1/identity/demo/sign-in", json={"public_number": number, "device_id": device}, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def set(self, case, data, context):
        Session.current = data
        case.headers["Authorization"] = f"Bearer {data['access_token']}"


# The sync door takes actions of any form, so the contract cannot say what is in them: they are made here from what phones have sent, one
# line for each version of each kind, mostly as it should be and now and then bent.
SHIPPED = [json.loads(line)["envelope"] for line in pathlib.Path("tests/it/actions/v1.jsonl").read_text(encoding="utf-8").splitlines()]
ODD = [None, True, 0, -1, 2**63, 1.5, "", " ", "x" * 9000, "\u0000", "\u202e😀", [], {}, ["x"], "2026-02-30T25:00:00Z", str(uuid.UUID(int=0))]


def few(kind):
    """A handful of ids, so that actions meet at the same things."""
    return [str(uuid.UUID(int=((0x019AB2C4 + kind) << 96) | (0x7 << 76) | (0x2 << 62) | n)) for n in range(6)]


TALKS, REPORTS, THINGS = few(0), few(1), few(2)


def ids(body):
    """Each field of an action's body that names a thing, with the name."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield from ids(value)
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, dict):
                    yield from ids(one)
        elif name.endswith("_id"):
            yield name, value


def shipped(dice):
    """What a phone has sent, about one of few talks, reports and other things."""
    sent = dice.choice(SHIPPED)
    lane, body = sent["lane"], json.dumps(sent["body"])
    for name, old in dict(ids(sent["body"])).items():
        if name == "device_id":
            new = (Session.current or {}).get(name, old)
        elif name in ("conversation_id", "report_id"):
            new = dice.choice(TALKS if name == "conversation_id" else REPORTS)
        else:
            new = dice.choice([*THINGS, fresh(dice), fresh(dice)])
        lane, body = lane.replace(old, new), body.replace(old, new)
    body = json.loads(body)
    if "expected_revision" in body:
        body["expected_revision"] = dice.randint(1, 4)
    return {"lane": lane, "kind": sent["kind"], "v": sent["v"], "body": body}


def fresh(dice):
    """A UUIDv7, as clients make them."""
    return str(uuid.UUID(int=dice.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62) | (0x7 << 76) | (0x2 << 62)))


def bent(dice, thing):
    """One field taken away, put beside, or given a value that it should not have."""
    thing = dict(thing)
    how = dice.random()
    if how < 0.3 and thing:
        thing.pop(dice.choice(sorted(thing)))
    elif how < 0.4:
        thing["more"] = dice.choice(ODD)
    elif thing:
        thing[dice.choice(sorted(thing))] = dice.choice(ODD)
    return thing


def action(dice):
    envelope = {
        **shipped(dice),
        "action_id": fresh(dice) if dice.random() < 0.8 else dice.choice(TALKS),
        "after": [],
        "recorded_at": "2026-11-24T14:02:11Z",
        "attempt": 0,
    }
    if dice.random() < 0.3:
        envelope["body"] = bent(dice, envelope["body"])
    if dice.random() < 0.1:
        envelope["after"] = [dice.choice(TALKS)]
    return bent(dice, envelope) if dice.random() < 0.15 else envelope


def is_uuid(value):
    try:
        return bool(uuid.UUID(value))
    except (AttributeError, TypeError, ValueError):
        return False


@schemathesis.hook
def before_call(context, case, kwargs):
    """Nine pushes of ten come from the device that signs in. What the run has bent on purpose stays bent."""
    # Made up, it would keep every call about files outside.
    if "/files" in case.operation.path:
        (case.headers or {}).pop("Natpatrull-Capability", None)
    push = case.body
    if not case.operation.path.endswith("/sync/push") or not isinstance(push, dict):
        return
    dice = random.Random(json.dumps(push, sort_keys=True, default=str))
    if isinstance(push.get("actions"), list):
        push["actions"] = [action(dice) for _ in push["actions"]]
    if Session.current and dice.random() < 0.9:
        for name in ("account_id", "device_id"):
            if is_uuid(push.get(name)):
                push[name] = Session.current[name]


@schemathesis.hook
def after_call(context, case, response):
    counts["examples"] += 1
    counts["operations"][case.operation.label] += 1


@schemathesis.check
def every_refusal_is_known(context, response, case):
    """Each kind of problem has its page in openapi/problems."""
    if response.status_code < 400:
        return
    kind = response.json()["kind"]
    counts["kinds"][kind] += 1
    assert kind in KINDS_OF_PROBLEM, f"{kind} has no page in openapi/problems"


@schemathesis.check
def every_result_says_why(context, response, case):
    """A push answers 200 whenever its envelope could be read: then each action has its result, and each refusal its problem."""
    if not case.operation.path.endswith("/sync/push") or response.status_code != 200:
        return
    results = response.json()["results"]
    counts["pushes"] += 1
    assert len(results) == len(case.body["actions"]), "not one result for each action"
    waiting, left_open = set(), set()
    for sent, result in zip(case.body["actions"], results):
        counts["outcomes"][result["outcome"]] += 1
        if result["outcome"] == "blocked":
            # What an action names in `after` may never have come, and what only a newer server knows waits for that one; it and
            # those behind it in its lane are left open, and so is another of the same id.
            twin = sent["action_id"] in left_open
            assert sent["after"] or sent["lane"] in waiting or twin, f"{sent} ended in {result}"
            waiting.add(sent["lane"])
            left_open.add(sent["action_id"])
            continue
        assert result["outcome"] in ("applied", "duplicate", "refused"), f"{sent} ended in {result}"
        if result["outcome"] == "refused" or result.get("original") == "refused":
            kind = result["problem"]["kind"]
            counts["kinds"][kind] += 1
            if kind in ("unknown-action-kind", "unknown-action-version"):
                waiting.add(str(sent.get("lane")))
            assert kind in KINDS_OF_PROBLEM - {"internal", "unavailable"}, f"{sent} ended in {result}"
