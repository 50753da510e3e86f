"""Which request this is, for whoever writes a line of a log while answering it."""

from contextvars import ContextVar

#: The id that the answer carries as X-Request-ID and entries of the journal keep; empty outside a request.
request_id: ContextVar[str] = ContextVar("request_id", default="")
