"""What the proofs share: the command, its answers, its database looked at from outside."""
import json
import os
import shutil
import sqlite3
import subprocess
import sys

SETTINGS = os.path.abspath("samples/huiyin.ini")
INBOX = os.path.abspath("samples/inbox")
KINDS = ("loaded", "updated", "duplicate", "rejected", "skipped")


class Command:
    """The built command; every database it makes shares one key, so contents compare.

    Command and words are copies: a proof runs long, and a file read before a word was
    edited or a build made has another content than one read after."""

    def __init__(self, program, folder):
        frozen = os.path.join(folder, "frozen")
        os.makedirs(frozen)
        self.program, self.folder = os.path.join(frozen, "huiyin"), folder
        shutil.copy2(program, self.program)
        shutil.copytree(os.environ.get("HUIYIN_TEMPLATES", "templates"),
                        os.path.join(frozen, "templates"))
        os.environ["HUIYIN_TEMPLATES"] = os.path.join(frozen, "templates")
        self.key = os.path.join(folder, "shared.key")

    def database(self, name):
        path = os.path.join(self.folder, name + ".db")
        for end in ("", "-wal", "-shm", "-journal"):
            if os.path.exists(path + end):
                os.remove(path + end)
        if os.path.exists(self.key):
            copy = os.path.join(self.folder, name + ".key")
            shutil.copyfile(self.key, copy)
            os.chmod(copy, 0o600)
        return path

    def run(self, database, *words, wrap=(), **more):
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True,
                "errors": "replace", **more}
        return subprocess.run([*wrap, self.program, *words, "--settings", SETTINGS,
                               "--db", database], **more)

    def ingest(self, database, *files, wrap=()):
        """(exit status, the entries of --json)"""
        done = self.run(database, "ingest", "-q", "--json", *files, wrap=wrap)
        made = database[:-3] + ".key"
        if not os.path.exists(self.key) and os.path.exists(made):
            shutil.copyfile(made, self.key)
        return done.returncode, json.loads(done.stdout)["files"] if done.stdout else []

    def content(self, database):
        done = self.run(database, "status", "--content")
        if done.returncode != 0:
            raise SystemExit(f"status --content: exit {done.returncode} {done.stderr}")
        return done.stdout.strip()


class Subsets:
    """The content of a database that holds exactly these files, whole; made once each."""

    def __init__(self, command, files):
        self.command, self.known = command, {}
        self.paths = {os.path.basename(path): path for path in files}

    def expects(self, database):
        """Of whatever set of files that database says it holds."""
        db = sqlite3.connect(database)
        names = frozenset(row[0] for row in db.execute(
            "SELECT name FROM source_name JOIN source_file ON id = file WHERE state = 1"))
        db.close()
        if names not in self.known:
            fresh = self.command.database("subset")
            self.command.ingest(fresh, *sorted(self.paths[name] for name in names))
            self.known[names] = self.command.content(fresh)
        return self.known[names]


def balanced(entry):
    return entry["rows"] == sum(entry[kind] for kind in KINDS)


def inbox():
    return [os.path.join(INBOX, name) for name in sorted(os.listdir(INBOX))]


def whole(database):
    """'' or what is wrong with the file by SQLite's own judgement and by its ledger."""
    db = sqlite3.connect(database)
    try:
        if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            return "integrity_check"
        if db.execute("PRAGMA foreign_key_check").fetchall():
            return "foreign_key_check"
        if db.execute("SELECT 1 FROM part WHERE rows <> loaded + updated + duplicate"
                      " + rejected + skipped").fetchall():
            return "ledger"
    except sqlite3.DatabaseError as error:
        return str(error)
    finally:
        db.close()
    return ""


def finish(failed, line):
    print(line)
    sys.exit(1 if failed else 0)
