"""What SQLite alone does for the same work, as the limit that the sync door is held against: one writer, WAL, synchronous=FULL.
   python3 sqlite_limit.py FOLDER SECONDS
An action is a receipt and a message row with one index, both under ids that begin with the time. Prints {"batches", "commits"}:
transactions a second of 100 actions, and of one."""
import json, os, sqlite3, sys, time
folder, seconds = sys.argv[1], float(sys.argv[2])
text = "hello message number 1 of a usual length for a phone".encode() + bytes(40)


def rate(name, actions):
    db = sqlite3.connect(os.path.join(folder, name), isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE receipt (id BLOB PRIMARY KEY, mac BLOB, at INTEGER) WITHOUT ROWID")
    db.execute("CREATE TABLE message (id BLOB PRIMARY KEY, talk BLOB, pos INTEGER, text BLOB) WITHOUT ROWID")
    db.execute("CREATE INDEX by_talk ON message (talk, pos)")
    talk, pos, done, until = os.urandom(16), 0, 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        now = time.time_ns().to_bytes(8, "big")
        rows = [(now + os.urandom(8), pos + i) for i in range(actions)]
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO receipt VALUES (?, ?, ?)", [(id, id + id, at) for id, at in rows])
        db.executemany("INSERT INTO message VALUES (?, ?, ?, ?)", [(id, talk, at, text) for id, at in rows])
        db.execute("COMMIT")
        pos, done = pos + actions, done + 1
    db.close()
    return round(done / seconds, 1)


print(json.dumps({"batches": rate("batches.sqlite", 100), "commits": rate("commits.sqlite", 1)}))
