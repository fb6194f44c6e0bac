using SmaKom.Mailer.Subscribers;

namespace SmaKom.Mailer.Tests.Subscribers;

public sealed class MunicipalitiesTests
{
    [Test]
    public void There_are_290_each_with_its_code_in_Swedish_order()
    {
        Assert.That(Municipalities.All, Has.Count.EqualTo(290));
        Assert.That(Municipalities.All.Select(one => one.Code).Distinct().Count(), Is.EqualTo(290));
        Assert.That(Municipalities.All.Select(one => one.Code[..2]).Distinct().Count(), Is.EqualTo(21), "counties");
        Assert.That(Municipalities.All[^1].Name, Is.EqualTo("Övertorneå"));
    }

    [TestCase("Bjurholm", "2403")]
    [TestCase("  bjurholm ", "2403")]
    [TestCase("Bjurholms kommun", "2403")]
    [TestCase("BJURHOLMS KOMMUN", "2403")]
    [TestCase("Hofors kommun", "2104")]
    [TestCase("Göteborgs stad", "1480")]
    [TestCase("Ornskoldsvik", "2284")]
    [TestCase("Östra  Göinge", "1256")]
    [TestCase("Öckerö", "1407")] // written with letters and marks apart
    [TestCase("Borås", "1490")]
    [TestCase("Boras", "1490")]
    [TestCase("Habo", "0643")]
    [TestCase("Håbo", "0305")]
    [TestCase("Härjedalen municipality", "2361")]
    public void What_people_write_is_found(string written, string code) => Assert.That(Municipalities.Find(written)?.Code, Is.EqualTo(code));

    [TestCase("Gransele")]
    [TestCase("Region Gotland och Öland")]
    [TestCase("kommun")]
    [TestCase("s kommun")]
    [TestCase(null)]
    [TestCase("")]
    public void What_is_none_of_Swedens_is_kept_as_it_is(string? written)
    {
        Assert.That(Municipalities.Find(written), Is.Null);
        Assert.That(Municipalities.NameOf(written), Is.EqualTo(written));
    }
}
