import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize, escape_psql

from ...tools import ticket_intake
from ...tools.entry.customer_match import phone_key
from .ticket_talk import OPENING

KNOWN = {
    "subject", "description", "category", "priority", "customer", "email", "phone", "reference",
    "product", "counter_reading", "answers", "attachments",
}  # fmt: skip
# Texts of a payload, and how long they may be; 0: longer ones are cut.
TEXTS = {
    "subject": 0, "description": 0, "category": 200, "customer": 64, "email": 254, "phone": 64,
    "reference": 64, "product": 64,
}  # fmt: skip
MAX_FILES, MAX_FILE_BYTES = 10, 10_000_000


class AfterSalesTicket(models.Model):
    """What other systems may do with tickets; people's forms end in the same methods."""

    _inherit = "after.sales.ticket"

    @api.model
    def open_ticket(self, payload, idempotency_key):
        """Open a ticket from codes; safe to send again with the same key. Return its state."""
        self._check_may_talk("create")
        claims = self.env["after.sales.submission"].sudo()
        submission, is_new = claims._claim(idempotency_key, {"open": payload})
        if not is_new:
            return submission.answer
        ticket = self._open(self._read_payload(payload), payload, channel="api")
        answer = ticket._prepare_state()
        submission.write({"ticket_id": ticket.id, "answer": answer})
        return answer

    @api.model
    def reply_ticket(self, ticket, text, idempotency_key):
        """Send words of ours to the customer of a ticket; safe to send again. Return the ticket's state."""
        self._check_may_talk()
        found = self._find_for_caller(ticket)
        if text and not isinstance(text, str):
            raise UserError(self.env._("[OF-TKT-423] “%s” is a text.", "text"))
        claims = self.env["after.sales.submission"].sudo()
        submission, is_new = claims._claim(idempotency_key, {"reply": found.name, "text": text})
        if not is_new:
            return submission.answer
        found._get_final()._post_text(text, self.env.user.partner_id)
        answer = found._prepare_state()
        submission.write({"ticket_id": found.id, "answer": answer})
        return answer

    @api.model
    def ticket_state(self, ticket):
        """Where a ticket stands, as plain values. ``ticket`` is its number."""
        self._check_may_talk()
        return self._find_for_caller(ticket)._prepare_state()

    # ------------------------------------------------------------ who may

    @api.model
    def _check_may_talk(self, operation="read"):
        """Customers have their pages; over RPC tickets are for the groups that the access table names."""
        if not self.has_access(operation):
            raise AccessError(self.env._("[OF-TKT-403] Tickets are for technicians and sales."))

    @api.model
    def _find_for_caller(self, number):
        """The ticket if the caller may see it; what is another company's looks like what is missing."""
        name = ticket_intake.plain(str(number or "")).strip().upper()[:64]
        found = self.search([("name", "=", name)], limit=1)
        if not found:
            raise UserError(self.env._("[OF-TKT-404] There is no ticket “%s”.", name))
        return found

    # ------------------------------------------------------------ reading a payload

    @api.model
    def _read_payload(self, payload):
        """Ticket values; every mistake of the payload is named at once."""
        if not isinstance(payload, dict):
            raise UserError(self.env._("[OF-TKT-401] The payload is an object."))
        unknown = sorted(map(str, set(payload) - KNOWN))
        mistakes = [
            self.env._("[OF-TKT-410] Unknown field “%s”.", ticket_intake.plain(name)[:64]) for name in unknown
        ]
        payload = self._read_texts(payload, mistakes)
        partner = self._read_customer(payload, mistakes)
        values = {"partner_id": partner.id, "email_from": payload["email"], "phone": payload["phone"]}
        values |= self._read_what(payload, partner, mistakes)
        values |= self._read_plain(payload, mistakes)
        if mistakes:
            raise UserError("\n".join(mistakes))
        return values

    @api.model
    def _read_texts(self, payload, mistakes):
        """The payload with its texts as texts (a number may be written as one) that are not too long."""
        read = dict(payload)
        for name, limit in TEXTS.items():
            value = read.get(name)
            is_number = isinstance(value, int) and not isinstance(value, bool)
            text = str(value) if is_number else value
            text = ticket_intake.plain(text) if isinstance(text, str) else text
            if text is not None and text is not False and not isinstance(text, str):
                mistakes.append(self.env._("[OF-TKT-423] “%s” is a text.", name))
                text = ""
            elif limit and len(text or "") > limit:
                mistakes.append(
                    self.env._(
                        "[OF-TKT-424] “%(name)s” has at most %(limit)s characters.", name=name, limit=limit
                    )
                )
                text = ""
            read[name] = text or ""
        if read["email"].strip() and not email_normalize(read["email"]):
            mistakes.append(self.env._("[OF-TKT-425] “email” is not one mail address."))
        return read

    def _read_customer(self, payload, mistakes):
        """The customer by number or VAT number, else by an address or telephone we know."""
        partners = self.env["res.partner"].sudo()
        code = str(payload.get("customer") or "").strip()
        if code:
            domain = ["|", ("ref", "=", code), ("vat", "=", code)]
            company = ("company_id", "in", [False, self.env.company.id])
            found = partners.search([*domain, company], limit=2)
            if len(found) != 1:
                mistakes.append(self.env._("[OF-TKT-411] Unknown or ambiguous customer “%s”.", code))
            return found[:1]
        return self._find_person(payload.get("email"), payload.get("phone"))

    @api.model
    def _find_person(self, email, phone):
        """The one contact with this mail address or telephone number, however it is written; else none."""
        partners = self.env["res.partner"].sudo()
        company = ("company_id", "in", [False, self.env.company.id])
        address, key = email_normalize(str(email or "")), phone_key(str(phone or ""))
        found = partners
        if address:
            found = partners.search([("email_normalized", "=", address), company], limit=2)
        if not found and key:
            found = partners.search([("match_phone", "=", key), company], limit=2)
        return found if len(found) == 1 else partners

    def _read_what(self, payload, partner, mistakes):
        values = {}
        reference = str(payload.get("reference") or "").strip()
        if reference:
            values = self._read_reference(reference, partner)
            if not values:
                mistakes.append(
                    self.env._(
                        "[OF-TKT-412] Nothing with number “%s” was delivered to this customer.",
                        reference[:64],
                    )
                )
        code = str(payload.get("product") or "").strip()
        if code:
            domain = ["|", ("default_code", "=", code), ("barcode", "=", code)]
            product = self._search_clue("product.product", domain)[:1]
            if not product:
                mistakes.append(self.env._("[OF-TKT-413] Unknown product “%s”.", code[:64]))
            values["product_id"] = product.id
        return values

    def _read_plain(self, payload, mistakes):
        values = {"subject": payload.get("subject"), "description": payload.get("description")}
        if not ticket_intake.clean_line(payload.get("subject")):
            mistakes.append(self.env._("[OF-TKT-414] A ticket needs a subject."))
        name = str(payload.get("category") or "").strip()
        if name:
            category = self._search_clue("after.sales.category", [("name", "=ilike", escape_psql(name))])[:1]
            if not category:
                mistakes.append(self.env._("[OF-TKT-415] Unknown category “%s”.", name[:64]))
            values["category_id"] = category.id
        if payload.get("priority") is not None:
            if str(payload["priority"]) not in ("0", "1", "2", "3"):
                mistakes.append(self.env._("[OF-TKT-416] The priority is 0, 1, 2 or 3."))
            values["priority"] = str(payload["priority"])
        counter = payload.get("counter_reading", 0)
        if isinstance(counter, bool) or not isinstance(counter, int | float) or not 0 <= counter < 1e12:
            mistakes.append(self.env._("[OF-TKT-417] The counter reading is a number, zero or more."))
        else:
            values["counter_reading"] = float(counter)
        return values

    # ------------------------------------------------------------ opening and talking, for all channels

    @api.model
    def _open(self, values, given, channel):
        """Create the ticket of a request, with its answers and files.

        With all rights: who may open it was decided before, and a customer may not write what belongs to it.
        """
        category = self.env["after.sales.category"].sudo().browse(values.get("category_id"))
        kept = self._check_form(category, given.get("answers"))
        files = self._read_files(given.get("attachments"))
        ticket = self.sudo().create({**values, "channel": channel, "company_id": self.env.company.id})
        ticket._keep_answers(kept)
        partner = ticket.partner_id
        if partner:
            ticket.message_subscribe(partner.ids)
        ticket.with_context(order_fulfilment_opening=OPENING, attachments_mime_plainxml=True).message_post(
            body=ticket.description or ticket.subject,
            author_id=partner.id or self.env.user.partner_id.id,
            email_from=partner.email_formatted or ticket.email_from or False,
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
            attachments=files,
        )
        if channel in ("portal", "public", "api"):
            ticket._acknowledge()
        return ticket

    def _check_form(self, category, answers):
        """Answers by question (its text, or its id), checked against the category's form."""
        if answers and not isinstance(answers, dict):
            raise UserError(self.env._("[OF-TKT-418] The answers are an object: question → answer."))
        given, questions = answers or {}, category.question_ids
        by_id = {question.id: given.get(question.name, given.get(str(question.id))) for question in questions}
        return questions._check(by_id)

    @api.model
    def _read_files(self, files):
        """[(name, bytes)] of ``[{"name", "content"}]``, content in base64; bounded."""
        if files and not isinstance(files, list):
            raise UserError(self.env._("[OF-TKT-420] The attachments are a list of {name, content}."))
        if files and len(files) > MAX_FILES:
            raise UserError(self.env._("[OF-TKT-419] At most %s files.", MAX_FILES))
        found = []
        for file in files or []:
            try:
                content = base64.b64decode(file["content"], validate=True)
            except (KeyError, TypeError, ValueError, binascii.Error):
                raise UserError(
                    self.env._("[OF-TKT-420] A file is {name, content}, the content in base64.")
                ) from None
            found.append(self._checked_file(file.get("name"), content))
        return found

    @api.model
    def _checked_file(self, name, content):
        name = ticket_intake.file_name(name)
        if len(content) > MAX_FILE_BYTES:
            raise UserError(self.env._("[OF-TKT-421] File “%s” is larger than 10 MB.", name))
        return name, content

    def _post_text(self, text, author, files=()):
        """Post words on the ticket as ``author``; plain text only."""
        self.ensure_one()
        text = ticket_intake.clean_text(text)
        if not text and not files:
            raise UserError(self.env._("[OF-TKT-422] There is no text to send."))
        return (
            self.sudo()
            .with_context(attachments_mime_plainxml=True)
            .message_post(
                body=text,
                author_id=author.id,
                subtype_xmlid="mail.mt_comment",
                message_type="comment",
                attachments=list(files),
            )
        )

    def _prepare_state(self):
        """What the customer and other systems may know of a ticket."""
        self.ensure_one()
        ticket = self.sudo()
        moment = fields.Datetime.to_string
        return {
            "ticket_id": ticket.id,
            "ticket": ticket.name,
            "subject": ticket.subject,
            "stage": ticket.stage_id.name,
            "step": ticket.stage_id.code,
            "is_open": ticket.is_open,
            "opened_at": moment(ticket.opened_at) or "",
            "first_answered_at": moment(ticket.first_answered_at) or "",
            "solved_at": moment(ticket.solved_at) or "",
            "merged_into": ticket.merged_into_id.name or "",
            "due": moment(ticket.sla_deadline) or "",
        }
