"""The net's own ground: both protocols, a page, and the SQL connection reach the same database."""

import pytest
from served.clients import Json2Error


def test_both_protocols_answer_the_same(server):
    over_xmlrpc = server.rpc("res.country", "search_count", [[("id", ">", 0)]])
    assert server.json2("res.country", "search_count", domain=[["id", ">", 0]]) == over_xmlrpc
    assert server.psql("SELECT count(*) FROM res_country")[0][0] == over_xmlrpc


def test_json2_error_carries_status_and_message(server):
    with pytest.raises(Json2Error) as failed:
        server.json2("res.partner", "no_such_method")
    assert failed.value.status == 404
    assert "no_such_method" in failed.value.message


@pytest.mark.parametrize("width", [1400, 360])
def test_a_logged_in_page_opens_without_console_errors(server, width):
    with server.browser(width) as page:
        assert "/odoo" in page.url
