namespace SmaKom.Mailer.Tests.Privacy;

/// <summary>Every column of the database that can hold words, by what an erasure does with it.</summary>
internal static class PersonalColumns
{
    /// <summary>Emptied, or gone with its row.</summary>
    public static IEnumerable<string> Emptied =>
    [
        .. Of("subscriber", "email email_key domain name municipality"),
        .. Of("subscriber_event", "detail"),
        .. Of("delivery", "email name domain reply_text"),
        .. Of("delivery_attempt", "reply_text"),
        .. Of("sign_up", "email email_key mailbox domain name municipality language consent lists network token_hash verdict"),
        .. Of("notice", "email email_key kind language payload reply_enhanced reply_text state content_hash requested_by"),
        .. Of("address_change", "email email_key token_hash stop_hash"),
        .. Of("incoming_mail", "bytes sent_to"),
        .. Of("return_signal", "words"),
        .. Of("staff_task", "domain"),
        .. Of("inbox_message", "bytes recipient return_path sender subject"),
    ];

    /// <summary>Words of the program, of staff about their own work, of servers without addresses; keys and hashes.</summary>
    public static IEnumerable<string> NoReader =>
    [
        .. Of("subscriber", "language"),
        .. Of("subscriber_event", "kind"),
        .. Of("suppression", "address_hash reason"),
        .. Of("delivery", "reason reply_enhanced"),
        .. Of("delivery_attempt", "stage reply_enhanced"),
        .. Of("delivery_decision", "kind made_by"),
        .. Of("incoming_mail", "source key format state kind problem"),
        .. Of("return_signal", "class status"),
        .. Of("staff_task", "kind done_by"),
        .. Of("link_request", "verdict"), // a subscriber's number, gone after a month
        .. Of("form_post", "form network"), // gone after a day
        .. Of("login_attempt", "network"),
        // Cleaned of addresses before they are written.
        .. Of("admin_action", "who what target"),
        .. Of("relay", "name host username password_protected last_failure last_failure_kind"),
        .. Of("mail_source", "source failure_kind"), // our own mailbox
        .. Of("issue_brake", "cause reply"),
        .. Of("brake_refusal", "cause"),
        .. Of("destination_state", "destination_group reply"), // a domain, for as long as it asks us to slow down
        .. Of("destination_flight", "destination_group"),
        .. Of("destination_group", "name pattern"),
        .. Of("rate_limit", "destination_group"),
        .. Of("job_run", "job key node cause exception log"),
        .. Of("job_hour", "job"),
        .. Of("job_pause", "job paused_by"),
        .. Of("retention", "job"),
        .. Of("worker", "name version roles ended_loop"),
        .. Of("halt", "cause decision decided_by"),
        .. Of("database_identity", "timeline"),
        // What is published, or on its way to be: whoever stands there is no subscriber there.
        .. Of("issue", "slug subject content job_id deleted_by correction source_hash lists"),
        .. Of("issue_text", "anchor heading language words"),
        .. Of("public_issue", "slug subject content correction"),
        .. Of("issue_part", "part changed_by"),
        .. Of("issue_revision", "content who"),
        .. Of("issue_presence", "who view part"),
        .. Of("mailing_list", "key name description"),
        .. Of("frozen_letter", "language template"),
        .. Of("media", "id content_type bytes"),
        .. Of("domain_report", "setup verdicts"), // of the sender's own domain
        .. Of("link_check", "url_hash url outcome"),
        .. Of("person", "name role email phone portrait portrait_alt"),
        // Staff and keys.
        .. Of("staff_member", "user_name normalized_user_name email normalized_email password_hash security_stamp concurrency_stamp phone_number"),
        .. Of("staff_role", "name normalized_name concurrency_stamp"),
        .. Of("staff_member_claim", "claim_type claim_value"),
        .. Of("staff_role_claim", "claim_type claim_value"),
        .. Of("staff_login", "login_provider provider_key provider_display_name"),
        .. Of("staff_token", "login_provider name value"),
        .. Of("staff_session", "id"),
        .. Of("link_key", "secret certificate"),
        .. Of("data_protection_key", "friendly_name xml"),
    ];

    private static IEnumerable<string> Of(string table, string columns) => columns.Split(' ').Select(column => $"{table}.{column}");
}
