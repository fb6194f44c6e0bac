namespace SmaKom.Mailer.Tests.Mail.Dkim;

/// <summary>
/// Two verifiers that share no code with ours or with each other: python3-dkim, and Mail::DKIM (Perl), which SpamAssassin and
/// amavis use. Both get the published key without DNS.
/// </summary>
internal static class OutsideVerifiers
{
    private const string Python = """
        import base64, dkim, sys
        key = sys.argv[1].encode()
        for line in sys.stdin:
            try:
                good = dkim.verify(base64.b64decode(line), dnsfunc=lambda name, timeout=5: key)
            except dkim.DKIMException as e:
                good = False
            print('pass' if good else 'fail')
        """;

    private const string Perl = """
        use strict; use MIME::Base64; use Mail::DKIM::Verifier; use Net::DNS;
        package Published; sub new { bless {key => $_[1]}, $_[0] } sub errorstring { 'NOERROR' }
        sub send {
          my ($self, $name, $type) = @_;
          my $answer = Net::DNS::Packet->new($name, $type);
          $answer->push(answer => Net::DNS::RR->new(owner => $name, type => 'TXT', ttl => 60, txtdata => [unpack('(A250)*', $self->{key})]));
          return $answer;
        }
        package main;
        Mail::DKIM::DNS::resolver(Published->new($ARGV[0]));
        while (my $line = <STDIN>) {
          my $verifier = Mail::DKIM::Verifier->new;
          $verifier->PRINT(decode_base64($line));
          $verifier->CLOSE;
          print $verifier->result eq 'pass' ? "pass\n" : "fail\n";
        }
        """;

    public static readonly (string Name, Func<IReadOnlyList<byte[]>, string, string[]> Verify)[] All =
    [
        ("python3-dkim", (messages, record) => OutsideReader.Run("apt-get install python3-dkim", "/usr/bin/python3", Python, messages, record)),
        ("Mail::DKIM", (messages, record) =>
            OutsideReader.Run("apt-get install libmail-dkim-perl libnet-dns-perl", "/usr/bin/perl", Perl, messages, record)),
    ];
}
