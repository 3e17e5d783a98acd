"""A salesperson's session in the browser, and the same over RPC, with several workers."""

import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

import pytest
from options_world import DIALOG, Bike, is_greyed, open_dialog, tap
from served.clients import Json2Error


@pytest.fixture
def bike(server):
    return Bike(server)


@pytest.mark.parametrize("width", [1400, 360])
def test_a_greyed_value_gives_its_reason_and_its_repair_in_one_tap(server, bike, width):
    with server.browser(1400) as page:
        open_dialog(page, bike)
        page.set_viewport_size({"width": width, "height": 800})
        tap(page, "Speed")
        page.wait_for_selector(DIALOG + ".css_not_available:has-text('400 Wh')")
        tap(page, "400 Wh")
        assert bike.REASON in page.inner_text(DIALOG + ".o_option_reason")
        assert "300" in page.inner_text(DIALOG + ".o_option_apply")
        _stays_within(page, width)
        with page.expect_response(lambda response: "/options/choose" in response.url):
            page.click(DIALOG + ".o_option_apply")
        page.wait_for_selector(DIALOG + ".o_option_finding", state="detached")
        assert is_greyed(page, "Speed")
        assert not is_greyed(page, "City")
        page.click(f"{DIALOG}button:has-text('Confirm')")
        page.wait_for_selector(DIALOG, state="detached")


def _stays_within(page, width):
    """Nothing that one must tap lies outside of the screen."""
    for selector in (".o_option_finding", ".o_option_apply", ".o_option_reason"):
        box = page.locator(DIALOG + selector).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_no_way_through_the_dialog_ends(server, bike):
    with server.browser(1400) as page:
        open_dialog(page, bike)
        for name in ("Speed", "400 Wh", "High", "500 Wh", "Speed", "400 Wh", "Speed", "Low"):
            tap(page, name)
            if page.locator(DIALOG + ".o_option_apply").count():
                with page.expect_response(lambda response: "/options/choose" in response.url):
                    page.click(DIALOG + ".o_option_apply")
                page.wait_for_selector(DIALOG + ".o_option_finding", state="detached")
        assert page.is_enabled(f"{DIALOG}button:has-text('Confirm')")


def test_the_price_follows_choices_and_numbers(server, bike):
    with server.browser(1400) as page:
        open_dialog(page, bike)
        tap(page, "Speed")
        page.wait_for_selector(f"{DIALOG}:text('1,300.00')")
        tap(page, "City")
        tap(page, "Spare")
        page.wait_for_selector(f"{DIALOG}:text('1,050.00')")
        page.fill(f"{DIALOG}input[type=text].o_input", "3")
        page.press(f"{DIALOG}input[type=text].o_input", "Tab")
        page.wait_for_selector(f"{DIALOG}:text('1,150.00')")
        page.click(f"{DIALOG}button:has-text('Confirm')")
        page.wait_for_selector(DIALOG, state="detached")
        page.click(".o_form_button_save")
        page.wait_for_selector(".o_form_button_save", state="hidden")
    fields = ["price_unit", "product_template_id"]
    [line] = server.rpc("sale.order.line", "search_read", [[("order_id", "=", bike.order)], fields])
    assert line["price_unit"] == 1150


@pytest.mark.parametrize("protocol", ["xmlrpc", "json2"])
def test_the_same_over_rpc(server, bike, protocol):
    def call(model, method, ids, **kwargs):
        if protocol == "json2":
            return server.json2(model, method, ids=ids, **kwargs)
        return server.rpc(model, method, [ids], kwargs)

    item = ("product.template", [bike.id])
    state = call(item[0], "option_state", item[1], selection=["SPEED"])
    assert (state["consistent"], sorted(state["missing"])) == (True, ["Battery", "Frame"])
    reason = call(item[0], "option_reason", item[1], selection=["SPEED"], option="400-WH")
    assert bike.REASON in reason["text"]
    repair = call(item[0], "option_repair", item[1], selection=["SPEED"], wanted="400-WH")
    assert repair["price_difference"] == -300
    whole = call(item[0], "option_completion", item[1], selection=["SPEED"])
    assert [option["code"] for option in whole["options"]] == ["LOW", "SPEED", "500-WH"]
    choice = {"product_tmpl_id": bike.id, "selection": whole["selection"]}
    line = call("sale.order", "create_option_line", [bike.order], **choice)
    assert server.rpc("sale.order.line", "read", [[line], ["price_unit"]])[0]["price_unit"] == 1300
    impossible = {"product_tmpl_id": bike.id, "selection": ["LOW", "SPEED", "400-WH"]}
    with pytest.raises((xmlrpc.client.Fault, Json2Error), match="OF-OPT-001"):
        call("sale.order", "create_option_line", [bike.order], **impossible)


def test_a_new_revision_counts_in_every_worker_at_once(fresh_server):
    server = fresh_server(workers=3)
    bike = Bike(server)

    def impossible(_number):
        found = server.json2("product.template", "option_state", ids=[bike.id], selection=["SPEED"])
        return len(found["impossible"])

    with ThreadPoolExecutor(6) as pool:  # every worker has compiled the first revision
        assert set(pool.map(impossible, range(30))) == {3}
        bike.requires("Speed", "High", "Speed needs the high frame.")
        assert set(pool.map(impossible, range(30))) == {3}  # not released: nothing changes
        bike.release()
        assert set(pool.map(impossible, range(30))) == {4}
