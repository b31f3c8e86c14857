"""A receiver of webhooks: WEBHOOK_SECRET=… uvicorn receiver:app --port 9000"""

import os
import sqlite3

from fastapi import FastAPI, Request, Response

from verify import is_genuine

BODY_LIMIT = 2 * 1024 * 1024  # a payload has at most 1 MiB
SECRET = os.environ["WEBHOOK_SECRET"]

inbox = sqlite3.connect(os.environ.get("INBOX", "inbox.sqlite3"))
inbox.execute("CREATE TABLE IF NOT EXISTS inbox (webhook_id TEXT PRIMARY KEY, body BLOB NOT NULL)")

app = FastAPI()


@app.post("/hooks")
async def receive(request: Request) -> Response:
    # The bytes as they came in: a signature is of them, not of what a JSON parser makes of them.
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return Response(status_code=413)
    if not is_genuine(SECRET, request.headers, body):
        return Response(status_code=401)
    # The answer says that the delivery is safe here. The work is for whoever reads the inbox, afterwards.
    webhook_id = request.headers["webhook-id"]
    with inbox:
        kept = inbox.execute("INSERT OR IGNORE INTO inbox VALUES (?, ?)", (webhook_id, body))
    print("new" if kept.rowcount else "known", webhook_id, flush=True)
    return Response(status_code=204)
