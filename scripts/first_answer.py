#!/usr/bin/env python3
"""Asks the bot in a running sandbox for the balance and waits for the answer. Usage: scripts/first_answer.py URL"""
import json
import sys
import urllib.request


def call(url, data=None):
    request = urllib.request.Request(url, json.dumps(data).encode() if data else None)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def main():
    control = sys.argv[1].rstrip("/") + "/control/"
    call(control + "wait", {"polling": True, "timeout": 60})
    person = call(control + "state")["users"][0]["id"]
    sent = call(control + "send", {"user": person, "text": "/balance"})
    answer = call(control + "wait", {"after": sent["seq"], "chat": person, "contains": "$", "timeout": 60})
    print(answer["event"]["message"]["text"])


if __name__ == "__main__":
    main()
