"""How much memory a worker of the server needs through many large uploads.

    make run PORT=8013                    # in another terminal; FOUR_EYES and the rest do not matter
    .venv/bin/python bench/upload_memory.py --port 8013 --number 100

Signs in as the demo's officer, uploads files of about 9 MB through the office's own address, each another
one, every fifth a picture of 12 megapixels, the others PDFs (opening pictures takes the child seconds; the
worker does the same for both), and prints the largest resident size that any process of the
server ever had (VmHWM of /proc), the children that open uploads apart.
"""

import argparse
import http.client
import io
import os
import re
import time
import uuid
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image, ImageDraw
from pypdf import PdfWriter
from pypdf.generic import StreamObject

LOCAL = Path(__file__).resolve().parent.parent / ".local"


class Officer:
    """A browser of the office, as far as uploads need one."""

    def __init__(self, port):
        self.port, self.cookies = port, {}

    def send(self, method, path, body=None, kind="application/x-www-form-urlencoded"):
        """The status and the text of an answer; cookies are kept."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, {"Cookie": cookies, "Content-Type": kind} if cookies else {})
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        text = answer.read().decode(errors="replace")
        connection.close()
        return answer.status, text

    def sign_in(self):
        """As the demo's officer."""
        noted = dict(line.split() for line in (LOCAL / "officers.txt").read_text().splitlines() if line)
        token = _token(self.send("GET", "/admin/login/")[1])
        form = {"username": "officer", "password": noted["officer"], "csrfmiddlewaretoken": token, "next": "/admin/"}
        status, _text = self.send("POST", "/admin/login/", urlencode(form))
        if status != 302:
            raise SystemExit(f"Signing in was answered with {status}.")
        self.token = _token(self.send("GET", "/admin/press/storedfile/add/")[1])

    def upload(self, ending, content):
        """The status and the text of the answer to one upload."""
        mark = uuid.uuid4().hex
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self.token}\r\n'
            f'--{mark}\r\nContent-Disposition: form-data; name="uploads"; filename="{mark}{ending}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self.send("POST", "/admin/press/storedfile/upload/", body, f"multipart/form-data; boundary={mark}")


def _token(page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def uploads(number):
    """So many large files, each another one: (ending, content)."""
    noise = Image.effect_noise((4000, 3000), 14).convert("RGB")
    for index in range(number):
        buffer = io.BytesIO()
        if index % 5:
            writer = PdfWriter()
            writer.add_blank_page(200, 200)
            stream = StreamObject()
            stream.set_data(os.urandom(9_000_000))
            writer._add_object(stream)
            writer.write(buffer)
            yield ".pdf", buffer.getvalue()
        else:
            picture = noise.copy()
            ImageDraw.Draw(picture).text((100, 100), f"number {index}", fill="red")
            picture.save(buffer, "JPEG", quality=96)
            yield ".jpg", buffer.getvalue()


def peak(port):
    """The largest resident size in MB that a process listening on the port has had: the server's workers."""
    sizes = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode().split("\0")
            environment = (folder / "environ").read_bytes().decode(errors="replace")
            status = (folder / "status").read_text()
        except OSError:
            continue
        if "deploy.serve" in command and f"PORT={port}\0" in environment:
            sizes.append(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024)
    return max(sizes)


def main():
    """Upload, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--number", type=int, default=100)
    asked = parser.parse_args()
    officer = Officer(asked.port)
    officer.sign_in()
    before, started, sizes = peak(asked.port), time.monotonic(), []
    for ending, content in uploads(asked.number):
        sizes.append(len(content))
        status, text = officer.upload(ending, content)
        if status != 200:
            raise SystemExit(f"An upload was answered with {status}: {text[:300]}")
    seconds = (time.monotonic() - started) / asked.number
    print(f"{asked.number} uploads of {sum(sizes) / len(sizes) / 2**20:.1f} MB, {seconds:.1f} s each")
    print(f"largest process of the server: {before:.0f} MB before, {peak(asked.port):.0f} MB after")


if __name__ == "__main__":
    main()
