"""An authenticator for WebAuthn without a browser: it makes key pairs, signs, and lies where a test says so."""

import json
import secrets
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
TYPES = CollectedClientData.TYPE


class Authenticator:
    """Keeps one key pair, for whoever asks, and counts its signatures from `count`; None: it does not count."""

    def __init__(self, origin="https://press.example.org", site="press.example.org", count=0):
        self.origin, self.site, self.count = origin, site, count
        self.credential_id = secrets.token_bytes(32)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, asked, key=None, flags=FLAG.UP | FLAG.UV, **lies):
        """Answer what a site `asked` of navigator.credentials.create, as its toJSON would."""
        public_key = key or ES256.from_cryptography_key(self._key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public_key)
        data = self._data(flags | FLAG.AT, credential)
        told = self._told(TYPES.CREATE, asked, **lies)
        attestation = AttestationObject.create("none", data, {})
        return self._answer(clientDataJSON=told, attestationObject=attestation, transports=["usb", "pigeon"])

    def sign(self, asked, flags=FLAG.UP | FLAG.UV, **lies):
        """Answer what a site `asked` of navigator.credentials.get, as its toJSON would."""
        if self.count is not None:
            self.count += 1
        data = self._data(flags)
        told = self._told(TYPES.GET, asked, **lies)
        signature = self._key.sign(data + sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=told, authenticatorData=data, signature=signature)

    def _data(self, flags, credential=b""):
        return AuthenticatorData.create(sha256(self.site.encode()).digest(), flags, self.count or 0, credential)

    def _told(self, act, asked, **lies):
        challenge = websafe_decode(asked["publicKey"]["challenge"])
        return CollectedClientData.create(**{"type": act, "challenge": challenge, "origin": self.origin, **lies})

    def _answer(self, **response):
        coded = {name: websafe_encode(part) if isinstance(part, bytes) else part for name, part in response.items()}
        name = websafe_encode(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": coded})
