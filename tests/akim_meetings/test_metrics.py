"""Who runs the program reads its figures; nobody else does."""

import json
import logging
import logging.config

import pytest

from journal.context import request_id

pytestmark = pytest.mark.django_db


def test_the_figures_tell_letters_jobs_duties_and_requests(nobody):
    nobody.get("/healthz")
    text = nobody.get("/metrics").content.decode()
    assert 'akim_wrong{what="sweep"}' in text
    assert "akim_duties_late 0.0" in text
    assert 'akim_request_seconds_count{method="GET",room="healthz",status="2xx"}' in text


@pytest.mark.parametrize(
    ("token", "asked", "status"),
    [
        ("", {}, 200),
        ("", {"REMOTE_ADDR": "10.0.0.7"}, 404),
        ("", {"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, 404),
        ("word", {}, 404),
        ("word", {"HTTP_AUTHORIZATION": "Bearer wrong"}, 404),
        ("word", {"HTTP_AUTHORIZATION": "Bearer word", "REMOTE_ADDR": "10.0.0.7"}, 200),
    ],
)
def test_only_this_machine_or_who_brings_the_word_reads_them(nobody, settings, token, asked, status):
    settings.METRICS_TOKEN = token
    assert nobody.get("/metrics", **asked).status_code == status


def test_a_line_of_the_log_names_its_request(settings, nobody):
    handler = settings.LOGGING["formatters"]["json"]
    formatter = logging.config.DictConfigurator({"version": 1}).configure_formatter(dict(handler))
    answer = nobody.get("/healthz")
    record = logging.LogRecord("journal", logging.INFO, __file__, 1, "хабар %s", ("жетті",), None)
    logging.config.DictConfigurator({"version": 1}).configure_filter(dict(settings.LOGGING["filters"]["ids"])).filter(
        record
    )
    line = json.loads(formatter.format(record))
    assert line["request_id"] == answer["X-Request-ID"] == request_id.get()
    assert (line["message"], line["level"], line["task_id"]) == ("хабар жетті", "INFO", "")
