import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize, email_split, escape_psql, formataddr, html2plaintext
from odoo.tools.mail import parse_contact_from_email, plaintext2html

from ...tools import ticket_intake, ticket_mail
from .ticket_talk import OPENING

_logger = logging.getLogger(__name__)
TICKET = "after.sales.ticket"
# Of what we send by ourselves: no machine is to answer (RFC 3834, and Exchange's own).
AUTOMATIC = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class AfterSalesTicketMail(models.Model):
    """Every mail that came to a ticket, once; the unique index also holds for two at the same time."""

    _name = "after.sales.ticket.mail"
    _description = "Mail Received by Support"
    _log_access = False

    message_id = fields.Char(required=True)
    received_at = fields.Datetime(required=True, index=True)

    _message_unique = models.UniqueIndex("(message_id)")

    @api.model
    def _claim(self, message_id):
        """Whether this mail is new. If it is being received elsewhere at this moment, PostgreSQL reports a
        serialization failure, Odoo receives it again and then knows it.
        """
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO after_sales_ticket_mail (message_id, received_at)
                   VALUES (%s, now() AT TIME ZONE 'UTC') ON CONFLICT (message_id) DO NOTHING RETURNING id""",
                message_id[:998],
            )
        )
        return bool(rows)

    @api.autovacuum
    def _gc_old(self):
        """Odoo's messages know the mails that were kept; here only those that crossed matter."""
        limit = fields.Datetime.now() - timedelta(days=90)
        self.search([("received_at", "<", limit)], limit=10_000).unlink()


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Check the routes that lead to tickets; all others are as Odoo finds them."""
        routes = super().message_route(message, message_dict, model, thread_id, custom_values)
        if not any(route[0] == TICKET for route in routes or ()):
            return routes
        return self.env[TICKET].sudo()._check_routes(message, message_dict, routes)


class AfterSalesTicket(models.Model):
    """Tickets by mail: who may write to one, what is not a request, and where a late reply goes."""

    _inherit = TICKET

    # ------------------------------------------------------------ before anything is made

    @api.model
    def _check_routes(self, message, msg_dict, routes):
        """The routes that may be followed; none for what a machine wrote or what came already."""
        if not self.env["order.fulfilment.capability"]._is_on("support"):
            return [route for route in routes if route[0] != TICKET]
        if ticket_mail.is_automatic(dict(message.items())):
            return self._drop(routes, msg_dict, "written by a machine")
        self._bound(msg_dict)
        checked = [self._check_route(message, msg_dict, route) for route in routes]
        if not self.env["after.sales.ticket.mail"]._claim(msg_dict["message_id"]):
            return self._drop(routes, msg_dict, "received already")
        if self._is_too_many(msg_dict, checked):
            self._keep_aside(msg_dict, checked)
            return self._drop(routes, msg_dict, "too many in a row")
        return checked

    @api.model
    def _drop(self, routes, msg_dict, why):
        """Leave out the tickets; on one that the mail was for, a line says so (once for a row of them)."""
        _logger.info("Mail %s from %s: %s", msg_dict["message_id"], msg_dict["email_from"], why)
        note = ticket_intake.clean_line(f"Mail of {msg_dict['email_from']} moves nothing: {why}")
        for ticket in self.browse([route[1] for route in routes if route[0] == TICKET and route[1]]).exists():
            if ticket.event_ids.sorted("id")[-1:].note != note:
                self.env["after.sales.ticket.event"]._log(ticket, "note", note=note)
        return [route for route in routes if route[0] != TICKET]

    @api.model
    def _check_route(self, message, msg_dict, route):
        """Lead a reply to the ticket that goes on; one that is not proven opens a ticket of its own."""
        model, thread_id, values, user_id, alias = route
        if model != TICKET or not thread_id:
            return route
        ticket = self.browse(thread_id).exists()
        if ticket and self._may_reply(ticket, message, msg_dict):
            return (model, ticket._get_final().id, values, user_id, alias)
        msg_dict.pop("parent_id", None)
        team = ticket.team_id
        fresh = {"team_id": team.id, "company_id": ticket.company_id.id} if ticket else dict(values or {})
        return (model, 0, fresh, user_id, alias)

    @api.model
    def _may_reply(self, ticket, message, msg_dict):
        """Whether the mail answers a mail of this ticket and comes from one of its parties."""
        if ticket_mail.is_forged(message.get_all("Authentication-Results", [])):
            return False
        address = email_normalize(msg_dict.get("email_from"))
        return bool(address) and address in ticket._get_party_addresses()

    def _get_party_addresses(self):
        """Addresses that may write on this ticket: the customer's, those in copy, and our technicians'."""
        self.ensure_one()
        family = self.env["res.partner"]
        if self.commercial_partner_id:
            family = family.search(
                [("id", "child_of", self.commercial_partner_id.id), ("email", "!=", False)]
            )
        ours = self.team_id.member_ids | self.team_id.user_id | self.user_id
        partners = family | self.partner_id | self.message_partner_ids | ours.partner_id
        known = [email_normalize(email) for email in partners.mapped("email") if email]
        typed = email_split(self.email_from or "") + email_split(self.email_cc or "")
        return {address for address in [*known, *map(email_normalize, typed)] if address}

    @api.model
    def _is_too_many(self, msg_dict, routes):
        """Whether this sender writes again and again without anybody answering: two machines do that."""
        address = email_normalize(msg_dict.get("email_from"))
        since = fields.Datetime.now() - timedelta(hours=1)
        if not address:
            return False
        for _model, thread_id, *_rest in (route for route in routes if route[0] == TICKET):
            if thread_id:
                count = self.browse(thread_id)._count_unanswered(since)
            else:
                count = len(self._get_opened_by(address, since))
            if count >= ticket_mail.MAX_IN_A_ROW:
                return True
        return False

    @api.model
    def _get_opened_by(self, address, since):
        """Tickets that this address opened by mail since ``since``, and no address that only contains it."""
        like = [("email_from", "ilike", escape_psql(address)), ("channel", "=", "mail")]
        found = self.search([*like, ("create_date", ">=", since)], order="id desc", limit=200)
        return found.filtered(lambda ticket: email_normalize(ticket.email_from) == address)

    @api.model
    def _keep_aside(self, msg_dict, routes):
        """What comes too often may still be a person's: it stays as a note on the ticket, of which nobody is
        told, so that two machines fall silent and no words are lost.
        """
        since = fields.Datetime.now() - timedelta(hours=1)
        number = next(route[1] for route in routes if route[0] == TICKET)
        opened = self._get_opened_by(email_normalize(msg_dict["email_from"]), since)
        ticket = self.browse(number) or opened[:1]
        note = self.env.ref("mail.mt_note")
        known = [("model", "=", TICKET), ("res_id", "=", ticket.id), ("message_type", "=", "email")]
        messages = self.env["mail.message"]
        kept = messages.search_count([*known, ("subtype_id", "=", note.id), ("date", ">=", since)])
        if kept >= ticket_mail.MAX_ASIDE:
            return
        ticket.with_context(attachments_mime_plainxml=True).message_post(
            body=Markup(msg_dict.get("body") or ""),
            subject=msg_dict.get("subject"),
            author_id=msg_dict.get("author_id") or False,
            email_from=msg_dict["email_from"],
            message_id=msg_dict["message_id"],
            message_type="email",
            subtype_id=note.id,
            attachments=[tuple(file)[:2] for file in msg_dict.get("attachments") or []],
        )

    def _count_unanswered(self, since):
        """Replies of the customer by mail since ``since`` and since we last wrote."""
        comment = self.env.ref("mail.mt_comment")
        domain = [("model", "=", TICKET), ("res_id", "=", self.id), ("date", ">=", since)]
        messages = self.env["mail.message"].search(
            [*domain, ("subtype_id", "=", comment.id)], order="id desc"
        )
        count = 0
        for message in messages:
            if message.message_type != "email" or self._is_ours(message.author_id):
                break
            count += 1
        return count

    @api.model
    def _bound(self, msg_dict):
        """Cut what is longer than anybody reads; the whole text stays as a file."""
        msg_dict["subject"] = ticket_intake.clean_line(msg_dict.get("subject"))
        body = msg_dict.get("body") or ""
        if len(body) <= ticket_mail.MAX_BODY:
            return
        text = html2plaintext(body[: 4 * ticket_mail.MAX_BODY])
        note = self.env._("… (cut here; the whole mail is attached)")
        msg_dict["body"] = plaintext2html(
            ticket_intake.clean_text(text, ticket_mail.MAX_BODY // 4) + "\n" + note
        )
        whole = self.env["mail.thread"]._Attachment("mail.txt", body[:10_000_000].encode(), {})
        msg_dict["attachments"] = [*msg_dict.get("attachments", []), whole]

    # ------------------------------------------------------------ the ticket itself

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Open a ticket for a mail; its text is the first message, and the description for lists."""
        author = self._get_author(msg_dict)
        values = {
            **(custom_values or {}),
            "subject": ticket_mail.subject_of(msg_dict.get("subject")),
            "description": ticket_intake.clean_text(html2plaintext(msg_dict.get("body") or "")),
            "channel": "mail",
            "partner_id": author.id,
            "priority": (custom_values or {}).get("priority", "1"),
        }
        company = self.env["res.company"].browse(values.get("company_id")) or self.env.company
        if author.company_id and author.company_id != company:
            values["partner_id"] = False
        ticket = super(AfterSalesTicket, self.with_context(order_fulfilment_opening=OPENING)).message_new(
            msg_dict, values
        )
        if ticket.partner_id:
            ticket.message_subscribe(ticket.partner_id.ids)
        ticket._acknowledge()
        return ticket.with_context(order_fulfilment_opening=OPENING)

    @api.model
    def _get_author(self, msg_dict):
        """The sender as a contact, made if we do not know him: our answer must reach him."""
        author = self.env["res.partner"].browse(msg_dict.get("author_id")).exists()
        address = email_normalize(msg_dict.get("email_from"))
        if not author and address:
            name = ticket_intake.clean_line(parse_contact_from_email(msg_dict["email_from"])[0]) or address
            author = author.sudo().create({"name": name, "email": address})
            msg_dict["author_id"] = author.id
        return author

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Answers come back to the team's address."""
        teams = self.team_id.sudo()._notify_get_reply_to(default=default, author_id=author_id)
        found = {ticket.id: teams.get(ticket.team_id.id) for ticket in self if ticket.team_id}
        rest = self.filtered(lambda ticket: not ticket.team_id)
        if rest:
            found.update(super(AfterSalesTicket, rest)._notify_get_reply_to(default, author_id))
        return found

    def _acknowledge(self):
        """Tell the customer the number, once; nothing that answers by itself may answer to that."""
        self._send_to_customer("order_fulfilment.mail_template_ticket_received", headers=repr(AUTOMATIC))

    def _send_to_customer(self, template_id, **values):
        """Put a mail to the customer into the queue; his answer comes back to the ticket."""
        template = self.env.ref(template_id, raise_if_not_found=False)
        for ticket in self.sudo():
            if template and (ticket.partner_id.email or ticket.email_from):
                own = {"author_id": ticket.company_id.partner_id.id, "reply_to": ticket._get_team_address()}
                template.sudo().send_mail(ticket.id, email_values={**own, **values})

    def _get_team_address(self):
        """Where the customer's answer comes back to, under the company's name."""
        reply_to = self._notify_get_reply_to()[self.id] or ""
        addresses = email_split(reply_to)
        return formataddr((self.company_id.name, addresses[0])) if addresses else reply_to
