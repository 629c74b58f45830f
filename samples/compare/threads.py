"""The same two calls for every row, with ThreadPoolExecutor(8) and one http.client connection per thread.

ETELECOM_BASE_URL=... ETELECOM_API_KEY=... python3 threads.py EMPLOYEES.csv
"""
import csv
import http.client
import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

base = urlsplit(os.environ["ETELECOM_BASE_URL"])
headers = {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["ETELECOM_API_KEY"]}
of_thread = threading.local()


def call(path, request):
    if not hasattr(of_thread, "connection"):
        of_thread.connection = http.client.HTTPConnection(base.netloc)
    of_thread.connection.request("POST", base.path + path, json.dumps(request), headers)
    answer = of_thread.connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(body)
    return json.loads(body)


def work(row):
    user = call(".Shop/CreateAccountUser", {"full_name": row["name"], "password": row["password"], "phone": row["phone"]})
    call(".Etelecom/AssignUserToExtension", {"extension_id": row["extension_id"], "user_id": user["id"]})


with open(sys.argv[1], newline="", encoding="utf-8") as f, ThreadPoolExecutor(8) as pool:
    for _ in pool.map(work, csv.DictReader(f)):
        pass
