"""The signature of a message, so that a receiver knows who sent it and that nobody changed it. Pure functions.

`Portal-Signature: t=1793534400,v1=<hex>`: HMAC-SHA256 with the webhook's secret over the seconds, a full stop and the
body as it was sent. A receiver works it out again, compares in constant time, and refuses what is older than five
minutes, so that an old message cannot be sent again by somebody else.
"""

import base64
import hashlib
import hmac

PREFIX = "whsec_"


def secret_of(key: str, public_id: str) -> str:
    """A webhook's secret: made from the portal's own key, so that no table holds it."""
    digest = hmac.new(key.encode(), f"webhook:{public_id}".encode(), hashlib.sha256).digest()
    return PREFIX + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def signature(secret: str, seconds: int, body: str) -> str:
    """The value of the header. `seconds` since 1970, UTC."""
    signed = f"{seconds}.{body}".encode()
    return f"t={seconds},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
