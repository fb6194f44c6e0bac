using SmaKom.Mailer.Mail.Mime;
using SmaKom.Mailer.Settings;

namespace SmaKom.Mailer.Tests.Settings;

public sealed class SenderOptionsTests
{
    [Test]
    public void An_address_that_is_set_can_stand_in_a_letter()
    {
        const string Pasted = "\u200B nyhetsbrev@smakom.example\u00A0";
        var sender = new SenderOptions { Address = Pasted, ContactEmail = Pasted, ReplyTo = Pasted, PostalAddress = "Gatan 1" };

        Assert.That(new[] { sender.Address, sender.ContactEmail, sender.ReplyTo }.Select(address => new Mailbox(null, address!).Address),
            Is.All.EqualTo("nyhetsbrev@smakom.example"));
    }
}
