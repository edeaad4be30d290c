"""The ceremonies of WebAuthn (W3C, Level 3): what a browser is asked, and whether its answer is signed rightly.

Nothing here knows of requests or the database; embassy.passkeys does. Importing it costs a tenth of a
second and some megabytes (cryptography, a list of domains): who uses no passkey does not pay for it.
"""

import json
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from fido2 import cbor
from fido2.cose import ES256, RS256, CoseKey, EdDSA
from fido2.server import Fido2Server
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

# An answer with all that a device may say of itself is a tenth of it.
MOST_LETTERS = 20_000
# A credential's id has at most so many bytes (Level 3, 5.1).
MOST_BYTES_OF_ID = 1023
# What every device has one of; the first is asked for first.
KEYS = (ES256, EdDSA, RS256)
# Whoever finds a key in the port of a browser that knows the password must not come in: the device asks for
# finger, face or PIN where it can. Where it cannot, having it is enough, after the password.
VERIFICATION = UserVerificationRequirement.PREFERRED


class Wrong(Exception):  # noqa: N818 — like Refused, an answer
    """The browser's answer is not what was asked for, or not signed by whom it names."""


@dataclass(frozen=True)
class NewKey:
    """What a device says of the key pair that it made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list


class Site:
    """The site at `origin` (https://press.example.org), called `name`: to its host the keys are bound."""

    def __init__(self, origin, name=""):
        self._server = Fido2Server(
            PublicKeyCredentialRpEntity(id=urlsplit(origin).hostname, name=name),
            attestation="none",
            verify_origin=lambda named: named == origin,
        )
        self._server.allowed_algorithms = [
            PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=key.ALGORITHM) for key in KEYS
        ]

    def ask_to_make(self, number, name, full_name, known, seconds):
        """What to ask the browser of the account `number`, and the challenge in it.

        Devices that keep one of the `known` passkeys make none.
        """
        self._server.timeout = seconds * 1000
        asked, state = self._server.register_begin(
            PublicKeyCredentialUserEntity(id=str(number).encode(), name=name, display_name=full_name),
            _described(known),
            resident_key_requirement=ResidentKeyRequirement.PREFERRED,
            user_verification=VERIFICATION,
        )
        return dict(asked), state["challenge"]

    def ask_to_sign(self, known, seconds):
        """What to ask a browser, one of whose `known` passkeys shall sign, and the challenge in it."""
        self._server.timeout = seconds * 1000
        asked, state = self._server.authenticate_begin(_described(known), user_verification=VERIFICATION)
        return dict(asked), state["challenge"]

    def read_made(self, text, challenge):
        """The NewKey in the browser's answer. Raises Wrong."""
        with _wrong_if_anything_fails():
            parsed = _parsed(text)
            answer = RegistrationResponse.from_dict(parsed)
            _refuse_frames(answer)
            data = self._server.register_complete(_state(challenge), answer)
            made = data.credential_data
            if made.public_key.ALGORITHM not in [key.ALGORITHM for key in KEYS]:
                raise Wrong
            if not 0 < len(made.credential_id) <= MOST_BYTES_OF_ID:
                raise Wrong
            said = parsed["response"].get("transports") or []
            transports = [way.value for way in AuthenticatorTransport if way.value in said]
            return NewKey(made.credential_id, cbor.encode(made.public_key), data.counter, transports)

    def read_signed(self, text, challenge, passkey):
        """How often `passkey` has signed, this time included, as its device counts. Raises Wrong if it did not."""
        with _wrong_if_anything_fails():
            answer = AuthenticationResponse.from_dict(_parsed(text))
            _refuse_frames(answer)
            key = CoseKey.parse(cbor.decode(bytes(passkey.public_key)))
            known = AttestedCredentialData.create(Aaguid.NONE, bytes(passkey.credential_id), key)
            self._server.authenticate_complete(_state(challenge), [known], answer)
            return answer.response.authenticator_data.counter


def credential_of(text):
    """The id of the credential that the browser's answer names. Raises Wrong."""
    with _wrong_if_anything_fails():
        return AuthenticationResponse.from_dict(_parsed(text)).raw_id


@contextmanager
def _wrong_if_anything_fails():
    """Anybody may send anything, and the library tells so with whatever exception its parsers meet."""
    try:
        yield
    except Exception as error:
        raise Wrong from error


def _parsed(text):
    if len(text) > MOST_LETTERS:
        raise Wrong
    return json.loads(text)


def _refuse_frames(answer):
    # No page of anybody else may show one of ours (frame-ancestors): the library does not ask.
    if answer.response.client_data.cross_origin:
        raise Wrong


def _state(challenge):
    return {"challenge": challenge, "user_verification": VERIFICATION}


def _described(passkeys):
    return [
        PublicKeyCredentialDescriptor(
            type=PublicKeyCredentialType.PUBLIC_KEY,
            id=bytes(passkey.credential_id),
            transports=passkey.transports or None,
        )
        for passkey in passkeys
    ]
