import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.tracking import webhook

ALLOW_PRIVATE = "order_fulfilment.webhook_allow_private"
HOURS_TO_CHANGE = 24


class FulfilmentWebhook(models.Model):
    """Another system that wants to hear of every step of our orders."""

    _name = "fulfilment.webhook"
    _description = "Webhook for Order Status"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    url = fields.Char("Address", required=True, groups="base.group_system")
    secret = fields.Char(
        required=True,
        copy=False,
        groups="base.group_system",
        default=lambda self: secrets.token_hex(32),
        help="Shared with the receiver, who checks our signature with it.",
    )
    previous_secret = fields.Char(readonly=True, copy=False, groups="base.group_system")
    previous_secret_until = fields.Datetime(
        "Old secret valid until", readonly=True, copy=False, help="Until then we sign with both secrets."
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Only for customers", help="Empty: the orders of all customers."
    )
    paused_until = fields.Datetime(
        readonly=True, copy=False, help="The receiver failed several times in a row."
    )
    delivery_ids = fields.One2many("fulfilment.event.delivery", "webhook_id", readonly=True)
    waiting_count = fields.Integer("Waiting", compute="_compute_counts")
    dead_count = fields.Integer("Given up", compute="_compute_counts")

    def _compute_counts(self):
        deliveries = self.env["fulfilment.event.delivery"]
        found = deliveries._read_group(
            [("webhook_id", "in", self.ids), ("state", "in", ("waiting", "dead"))],
            ["webhook_id", "state"],
            ["__count"],
        )
        counts = {(webhook.id, state): count for webhook, state, count in found}
        for hook in self:
            hook.waiting_count = counts.get((hook.id, "waiting"), 0)
            hook.dead_count = counts.get((hook.id, "dead"), 0)

    @api.constrains("url")
    def _check_url(self):
        texts = {
            "scheme": self.env._("[OF-HOOK-001] %s: the address must begin with https:// or http://."),
            "malformed": self.env._("[OF-HOOK-001] %s: this is no address. Copy it anew from the receiver."),
            "credentials": self.env._(
                "[OF-HOOK-002] %s: leave user and password out of the address; we sign instead."
            ),
        }
        for hook in self.sudo():
            if problem := webhook.url_problem(hook.url):
                raise ValidationError(texts[problem] % hook.name)

    @api.constrains("secret")
    def _check_secret(self):
        for hook in self.sudo():
            if len(hook.secret or "") < 16:
                raise ValidationError(
                    self.env._("[OF-HOOK-003] %s: the secret needs 16 characters or more.", hook.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        hooks = super().create(vals_list)
        self.env.registry.clear_cache()  # see fulfilment.event._has_receivers
        return hooks

    def write(self, vals):
        if "secret" in vals:
            self._keep_old_secrets(vals["secret"])
        result = super().write(vals)
        if {"active", "company_id"} & vals.keys():
            self.env.registry.clear_cache()
        return result

    def _keep_old_secrets(self, new):
        """The receiver has a day to learn the new secret."""
        until = fields.Datetime.now() + timedelta(hours=HOURS_TO_CHANGE)
        for hook in self:
            if hook.secret and hook.secret != new:
                hook.write({"previous_secret": hook.secret, "previous_secret_until": until})

    def _get_secrets(self):
        """Secrets to sign with: the one in force first, then the one before it for as long as it is valid."""
        old_until = self.previous_secret_until
        is_changing = self.previous_secret and old_until and old_until > fields.Datetime.now()
        return [self.secret, *([self.previous_secret] if is_changing else [])]

    def action_new_secret(self):
        """Replace the secret; for a day, events are signed with the old one as well."""
        for hook in self:
            hook.secret = secrets.token_hex(32)
        return True

    def action_view_deliveries(self):
        """Open the events on their way to this receiver."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_fulfilment.action_fulfilment_event_delivery"
        )
        return {**action, "domain": [("webhook_id", "=", self.id)], "context": {}}

    def action_resume(self):
        """Try this receiver again now instead of when its pause ends."""
        self.paused_until = False
        waiting = self.delivery_ids.filtered(lambda delivery: delivery.state == "waiting")
        waiting.sudo().next_try_at = fields.Datetime.now()
        self.env["fulfilment.event.delivery"]._wake_job()
        return True

    def _is_paused(self):
        return bool(self.paused_until and self.paused_until > fields.Datetime.now())

    def _allows_private(self):
        return self.env["ir.config_parameter"].sudo().get_param(ALLOW_PRIVATE) == "True"
