using System.Text.Json;

namespace SmaKom.Mailer.Tests.Mail.Mime;

/// <summary>What Python's <c>email</c> package reads in a message.</summary>
internal sealed record PythonEmail(
    string Subject, string[] From, string[] To, string Date, string MessageId, string? ReplyTo,
    Dictionary<string, string> Headers, string[] Types, string[] Bodies, string[] Defects)
{
    private const string Script = """
        import base64, email, email.policy, json, sys
        from email.header import decode_header, make_header
        from email.utils import parseaddr
        # Not the policy's own address parser: it puts a space between the encoded-words of a long name.
        def box(m, field):
            name, address = parseaddr(''.join(email.message_from_bytes(m)[field].splitlines()))
            return [str(make_header(decode_header(name))), address]
        def text(p):
            return p.get_payload(decode=True).decode(p.get_content_charset())
        for line in sys.stdin:
            raw = base64.b64decode(line)
            m = email.message_from_bytes(raw, policy=email.policy.default)
            parts = list(m.walk())
            leaves = [p for p in parts if not p.is_multipart()]
            defects = [str(d) for p in parts for d in p.defects] + [n + ': ' + str(d) for n, v in m.items() for d in v.defects]
            print(json.dumps({
                'Subject': str(m['Subject']), 'From': box(raw, 'From'), 'To': box(raw, 'To'), 'Date': m['Date'].datetime.isoformat(),
                'MessageId': str(m['Message-ID']), 'ReplyTo': str(m['Reply-To']) if m['Reply-To'] else None,
                'Headers': {n: str(v) for n, v in m.items()},
                'Types': [p.get_content_type() for p in parts], 'Bodies': [text(p) for p in leaves], 'Defects': defects}))
        """;

    public static PythonEmail[] ReadAll(IReadOnlyList<byte[]> messages) =>
        [.. OutsideReader.Run("apt-get install python3", "/usr/bin/python3", Script, messages)
            .Select(line => JsonSerializer.Deserialize<PythonEmail>(line)!)];

    public static PythonEmail Read(byte[] message) => ReadAll([message])[0];
}
