# A webhook receiver on Python 3.9 or newer, standard library only: verifies, stores once, answers, and works afterwards.
# WEBHOOK_SECRET=whsec_… python3 receiver.py     While a secret is rolled: both, separated by a space.
import hashlib
import hmac
import json
import os
import re
import sqlite3
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRETS = os.environ["WEBHOOK_SECRET"].split()
PORT = int(os.environ.get("PORT", "8080"))
DATABASE = os.environ.get("DATABASE", "payments.db")
if not SECRETS:
    raise SystemExit("WEBHOOK_SECRET is not set.")

something_new = threading.Event()


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60  # Seconds that a connection may be silent.

    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        if length > 1_000_000:
            self.close_connection = True
            return self.answer(413, False)
        body = self.rfile.read(length)
        if not is_genuine(self.headers, body):
            return self.answer(401, False)
        payment_id = json.loads(body)["id"]
        # A test send has id 0 and is no payment. An id that is known changes nothing, and is a success all the same.
        if payment_id != 0:
            with closing(sqlite3.connect(DATABASE)) as database, database:
                database.execute("insert or ignore into payments (id, body) values (?, ?)", (payment_id, body.decode()))
        self.answer(200, True)
        something_new.set()

    def answer(self, status, success):
        content = json.dumps({"success": success}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def is_genuine(headers, body):
    """The signature is over the bytes as they came, so the body is not parsed before."""
    timestamp = headers.get("X-SePay-Timestamp", "")
    signature = headers.get("X-SePay-Signature", "").encode("utf-8", "replace")
    if not re.fullmatch("[0-9]{1,12}", timestamp) or abs(time.time() - int(timestamp)) > 300:
        return False
    signed = timestamp.encode() + b"." + body
    expected = [b"sha256=" + hmac.new(s.encode(), signed, hashlib.sha256).hexdigest().encode() for s in SECRETS]
    return any(hmac.compare_digest(one, signature) for one in expected)


def work_off():
    """Your own work: mark the order as paid, send the mail. Begins with what a crash left undone."""
    while True:
        with closing(sqlite3.connect(DATABASE)) as database:
            for payment_id, body in database.execute("select id, body from payments where done = 0 order by id").fetchall():
                payment = json.loads(body)
                what = f"{payment['transferType']} {payment['transferAmount']} {payment['code'] or 'without code'}"
                print(f"payment {payment_id}: {what}", flush=True)
                with database:
                    database.execute("update payments set done = 1 where id = ?", (payment_id,))
        something_new.wait()
        something_new.clear()


with closing(sqlite3.connect(DATABASE)) as database:
    database.execute("create table if not exists payments (id integer primary key, body text not null, done integer default 0)")
threading.Thread(target=work_off, daemon=True).start()
server = ThreadingHTTPServer(("127.0.0.1", PORT), Receiver)
print(f"listening on http://127.0.0.1:{PORT}", flush=True)
server.serve_forever()
