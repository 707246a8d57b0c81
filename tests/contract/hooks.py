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
SCHEMAS = json.loads(pathlib.Path("openapi/openapi.json").read_text())["components"]["schemas"]
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


# The sync door takes actions of any form, so the contract cannot say what is in them: they are made here, from the examples that the
# contract gives for the same commands, mostly as they should be and now and then bent.
TALKS = [str(uuid.UUID(int=(0x019AB2C4 << 96) | (0x7 << 76) | (0x2 << 62) | n)) for n in range(6)]
REPORTS = [str(uuid.UUID(int=(0x019AB2C5 << 96) | (0x7 << 76) | (0x2 << 62) | n)) for n in range(6)]
ODD = [None, True, 0, -1, 2**63, 1.5, "", " ", "x" * 9000, "\u0000", "\u202e😀", [], {}, ["x"], "2026-02-30T25:00:00Z", str(uuid.UUID(int=0))]


def example(schema, **more):
    return {**json.loads(json.dumps(SCHEMAS[schema]["example"])), **more}


def bodies(dice):
    talk, report = dice.choice(TALKS), dice.choice(REPORTS)
    revision = {"expected_revision": dice.randint(1, 4)}
    return {
        "message-send": (f"conversation:{talk}", example("SendMessage", conversation_id=talk, message_id=fresh(dice))),
        "conversation-take": (f"conversation:{talk}", {"conversation_id": talk, **revision}),
        "conversation-close": (f"conversation:{talk}", {"conversation_id": talk, **revision}),
        "conversation-read": (f"conversation:{talk}", example("ReadTo", conversation_id=talk)),
        "conversation-ask-erasure": (f"conversation:{talk}", {"conversation_id": talk}),
        "report-submit": (f"report:{report}", example("SubmitReport", report_id=dice.choice([report, fresh(dice)]))),
        "report-read": (f"report:{report}", {"report_id": report, **revision}),
        "report-ask-erasure": (f"report:{report}", {"report_id": report}),
        "tip-publish": ("tips", example("PublishTip", tip_id=fresh(dice))),
    }


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
    known = bodies(dice)
    kind = dice.choice(sorted(known))
    lane, body = known[kind]
    envelope = {
        "action_id": fresh(dice) if dice.random() < 0.8 else dice.choice(TALKS),
        "lane": lane,
        "kind": kind,
        "v": 1,
        "after": [],
        "recorded_at": "2026-11-24T14:02:11Z",
        "attempt": 0,
        "body": bent(dice, body) if dice.random() < 0.3 else body,
    }
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
    waiting = set()
    for sent, result in zip(case.body["actions"], results):
        counts["outcomes"][result["outcome"]] += 1
        if result["outcome"] == "blocked":
            # What an action names in `after` may never have come, and what only a newer server knows waits for that one; it and
            # those behind it in its lane are left open.
            assert sent["after"] or sent["lane"] in waiting, f"{sent} ended in {result}"
            waiting.add(sent["lane"])
            continue
        assert result["outcome"] in ("applied", "duplicate", "refused"), f"{sent} ended in {result}"
        if result["outcome"] == "refused" or result.get("original") == "refused":
            kind = result["problem"]["kind"]
            counts["kinds"][kind] += 1
            if kind in ("unknown-action-kind", "unknown-action-version"):
                waiting.add(str(sent.get("lane")))
            assert kind in KINDS_OF_PROBLEM - {"internal", "unavailable"}, f"{sent} ended in {result}"
