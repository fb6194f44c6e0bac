using Microsoft.Extensions.DependencyInjection;
using SmaKom.Mailer.Accounts;
using SmaKom.Mailer.Audit;
using SmaKom.Mailer.Mail.Smtp;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Accounts;

/// <summary>Somebody who may do everything is always left.</summary>
public sealed class StaffRegisterTests : SiteFixture
{
    private static readonly EmailAddress Karin = EmailAddress.Parse("karin@gransele.example");
    private static readonly EmailAddress Olle = EmailAddress.Parse("olle@gransele.example");

    [SetUp]
    public Task BeginAsync() => Database.ExecuteAsync("DELETE FROM staff_member WHERE NOT sample");

    [Test]
    public async Task The_last_administrator_is_neither_removed_nor_made_an_editor()
    {
        await AddAsync(Karin, StaffRole.Admin);
        await AddAsync(Olle, StaffRole.Editor);

        Assert.That(await DoAsync(staff => staff.RemoveAsync(Karin, Actor.CommandLine, default)), Is.EqualTo(StaffChange.LastAdministrator));
        var asEditor = await DoAsync(staff => staff.GiveRoleAsync(Karin, StaffRole.Editor, Actor.CommandLine, default));
        Assert.That(asEditor, Is.EqualTo(StaffChange.LastAdministrator), "the sample login is no administrator");
        Assert.That(await DoAsync(staff => staff.RemoveAsync(Olle, Actor.CommandLine, default)), Is.EqualTo(StaffChange.Done));
    }

    [Test]
    public async Task Two_administrators_who_remove_each_other_at_once_leave_one()
    {
        for (var round = 0; round < 10; round++)
        {
            await BeginAsync();
            await AddAsync(Karin, StaffRole.Admin);
            await AddAsync(Olle, StaffRole.Admin);

            var changes = await Task.WhenAll(new[] { Karin, Olle }.Select(email =>
                DoAsync(staff => staff.RemoveAsync(email, Actor.CommandLine, default))));

            Assert.That(changes, Is.EquivalentTo(new[] { StaffChange.Done, StaffChange.LastAdministrator }));
        }
    }

    [Test]
    public async Task A_role_replaces_the_one_before()
    {
        await AddAsync(Karin, StaffRole.Admin);
        await AddAsync(Olle, StaffRole.Admin);
        await DoAsync(staff => staff.GiveRoleAsync(Olle, StaffRole.Editor, Actor.CommandLine, default));

        Assert.That((await DoAsync(staff => staff.ListAsync(default))).Select(member => (member.Email, string.Join(' ', member.Roles))),
            Is.SupersetOf(new[] { ("karin@gransele.example", "admin"), ("olle@gransele.example", "editor") }));
    }

    [Test]
    public async Task A_new_password_lets_in_at_once_also_where_the_account_waits()
    {
        await AddAsync(Karin, StaffRole.Editor);
        await Database.ExecuteAsync("UPDATE staff_member SET lockout_end = now() + interval '1 hour'");
        var password = await DoAsync(staff => staff.RenewPasswordAsync(Karin, Actor.CommandLine, default));
        using var reader = new PageReader(Host.Url);
        await reader.LogInAsync(Karin.Text, password!);

        Assert.That(reader.Path, Is.EqualTo("/redaktion"));
        var listed = (await DoAsync(staff => staff.ListAsync(default))).Single(member => member.Email == Karin.Text);
        Assert.That((listed.Sessions, listed.Waits, listed.SeenAt is not null), Is.EqualTo((1, false, true)));
    }

    private Task<string?> AddAsync(EmailAddress email, string role) => DoAsync(staff => staff.AddAsync(email, role, Actor.CommandLine, default));

    private async Task<T> DoAsync<T>(Func<StaffRegister, Task<T>> action)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        return await action(scope.ServiceProvider.GetRequiredService<StaffRegister>());
    }
}
