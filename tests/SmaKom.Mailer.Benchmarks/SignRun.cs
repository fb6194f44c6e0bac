using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using SmaKom.Mailer.Mail.Dkim;
using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Tests.Mail.Mime;

namespace SmaKom.Mailer.Benchmarks;

/// <summary>
/// Microseconds on one core: the RSA-2048 operation alone, SHA-256 of the letter alone, splicing the letter, and signing it in all.
/// </summary>
/// <param name="Share">All but the RSA operation, splicing included, as a part of it.</param>
internal sealed record SignResult(int LetterBytes, double Rsa, double Sha256, double Splice, double Sign, double Share);

/// <summary>What a signed letter costs beside the RSA operation, which nothing can make cheaper.</summary>
internal static class SignRun
{
    public static SignResult Run()
    {
        var draft = SampleLetter.Draft;
        var template = LetterTemplate.Encode(
            draft with { Html = string.Concat(Enumerable.Repeat("<p>Välkommen till årets möte.</p>\n", 695)) + draft.Html });
        using var key = RSA.Create(2048);
        using var signer = new DkimSigner("natverket.example", "n2026", key);
        var (letter, field) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var (hash, signature) = (new byte[32], new byte[256]);
        var person = SampleLetter.Person;
        template.Splice(person, letter);

        var rsa = Best(() => key.SignHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        var sha = Best(() => SHA256.HashData(letter.WrittenSpan, hash));
        var splice = Best(() => { letter.ResetWrittenCount(); template.Splice(person, letter); });
        var sign = Best(() => { field.ResetWrittenCount(); signer.Sign(letter.WrittenSpan, SampleLetter.Morning, field); });
        var result = new SignResult(letter.WrittenCount, rsa, sha, splice, sign, (sign - rsa + splice) / rsa);
        Console.WriteLine($"{result.LetterBytes} octets: RSA {rsa:0} µs, SHA-256 of the letter {sha:0.0} µs, splicing {splice:0.0} µs, signing in all {sign:0} µs; all but RSA is {100 * result.Share:0.0} % of RSA");
        return result;
    }

    /// <summary>Per call: the best of 40 rounds, since noise only adds.</summary>
    private static double Best(Action action) => Enumerable.Range(0, 40).Min(_ =>
    {
        const int calls = 100;
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < calls; i++) action();
        return watch.Elapsed.TotalMicroseconds / calls;
    });
}
