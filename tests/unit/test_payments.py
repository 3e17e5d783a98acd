import random
from datetime import datetime, timedelta
from decimal import Decimal

from of_tools.ledger import Event, paid_quantity
from of_tools.tracking.payments import drop_set_offs, paid_steps

START = datetime(2026, 11, 23, 12)
PIECE = Decimal(1)


def day(number):
    return START + timedelta(days=number)


def steps(quantity, total, *settlements, step=PIECE):
    settled = [(day(number), Decimal(amount)) for number, amount in settlements]
    residual = Decimal(total) - sum(amount for _day, amount in settled)
    found = paid_steps(Decimal(quantity), Decimal(total), residual, settled, step)
    return [((time - START).days if time else None, int(quantity)) for time, quantity in found]


def test_each_piece_is_paid_by_the_payment_that_completes_it():
    assert steps(10, 1000, (9, 650), (2, 350)) == [(2, 3), (9, 7)]


def test_a_payment_that_completes_no_piece_marks_nothing():
    assert steps(10, 1000, (1, 400), (5, 50)) == [(1, 4)]


def test_unpaid_and_worth_nothing():
    assert steps(10, 1000) == []
    assert steps(10, 0) == [(None, 10)]


def test_a_credit_note_is_paid_out():
    assert steps(-2, 200, (3, 200)) == [(3, -2)]


def test_a_payment_taken_back():
    assert steps(10, 1000, (1, 500), (4, -300)) == [(1, 5), (4, -3)]


def test_steps_sum_to_what_is_paid_today():
    chance = random.Random(5)
    for _case in range(500):
        total, quantity = chance.randint(1, 5000), chance.randint(1, 12)
        settled = [(day(chance.randint(0, 9)), Decimal(chance.randint(1, 900))) for _ in range(4)]
        residual = max(total - sum(amount for _day, amount in settled), Decimal(0))
        values = (Decimal(quantity), Decimal(total), residual)
        found = paid_steps(*values, settled, PIECE)
        assert sum(paid for _day, paid in found) == paid_quantity(*values, PIECE)
        assert [time for time, _paid in found] == sorted(time for time, _paid in found)


def test_set_off_against_a_credit_note_is_no_payment():
    paid = Event("paid", Decimal(7), day(1), "INV/1")
    set_off = [Event("paid", Decimal(3), day(4), "INV/1"), Event("paid", Decimal(-3), day(4), "RINV/1")]
    assert drop_set_offs([paid, *set_off]) == [paid]
