using Microsoft.Playwright;
using SmaKom.Mailer.Issues.Media;
using SmaKom.Mailer.Issues.People;
using SmaKom.Mailer.Templates.Content;
using SmaKom.Mailer.Tests.Support;

namespace SmaKom.Mailer.Tests.Issues.Compose;

/// <summary>Pictures and portraits in a real Chromium: what is chosen, what is cut, what is sent.</summary>
public sealed class ComposerPicturesInBrowserTests : ComposerFixture
{
    [Test]
    public async Task Pictures_from_the_computer_are_shrunk_cleaned_and_put_one_after_the_other()
    {
        var page = await OpenAsync($"{Address}?del=a1b1");
        var before = await Database.ScalarAsync<long>("SELECT count(*) FROM media");
        await page.GetByText("Lägg till en bild", new() { Exact = true }).ClickAsync();
        await page.Locator("picture-field[data-name='pictures[0]'] input[type=file]").SetInputFilesAsync(new FilePayload[]
        {
            new() { Name = "semester.jpg", MimeType = "image/jpeg", Buffer = GivenPictures.JpegWith(GivenPictures.Exif(6)) },
            new() { Name = "mobil.heic", MimeType = "image/heic", Buffer = [0, 0, 0, 24, .. "ftypheic"u8, .. new byte[100]] },
            new() { Name = "stor.png", MimeType = "image/png", Buffer = GivenPictures.Png(3000, 1500) },
        });

        var state = page.Locator("picture-field[data-name='pictures[0]'] [role=status]");
        await Assertions.Expect(state).ToContainTextAsync("mobil.heic: Det är en HEIC");
        await Assertions.Expect(page.Locator("#falt-pictures-0-alt")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Plogbilen på Storgatan");
        await page.Locator("#falt-pictures-1-alt").FillAsync("Ett svart fält");
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 30_000 });

        var pictures = (await ContentAsync()).Articles().Single().Pictures;
        Assert.That(pictures.Select(picture => picture.Alt), Is.EqualTo(new[] { "Plogbilen på Storgatan", "Ett svart fält" }));
        Assert.That((pictures[1].Width, pictures[1].Height), Is.EqualTo((1200, 600)), "twice what a letter shows");
        Assert.That(pictures[0].Height, Is.GreaterThan(pictures[0].Width), "it was held on its side");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM media"), Is.EqualTo(before + 2));
        var kept = await Database.ScalarAsync<byte[]>($"SELECT bytes FROM media WHERE id = '{pictures[0].MediaId}'");
        Assert.That(System.Text.Encoding.Latin1.GetString(kept), Does.Not.Contain("GPS").And.Not.Contain("Exif"));
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task A_person_who_is_picked_is_filled_in_at_once_and_saved()
    {
        var media = (await Host.Get<MediaLibrary>().AddAsync(GivenPictures.Png(144, 144), Given.Editor, default)).Picture!.Id;
        foreach (var (name, picture) in new[] { ("Karin Lindmark", media), ("Mats Öberg", "") })
            await Host.Get<PeopleCommands>().AddAsync(new Dictionary<string, string>
            {
                ["name"] = name,
                ["role"] = picture == "" ? "" : "ordförande",
                ["portrait.mediaId"] = picture,
                ["portrait.decorative"] = "true",
            }, Given.Editor, default);
        var page = await OpenAsync($"{Address}?del=a1b1");
        await page.GetByText("Underskrift", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Hämta en person").SelectOptionAsync("Karin Lindmark, ordförande");

        await Assertions.Expect(page.Locator("#falt-signature-name")).ToHaveValueAsync("Karin Lindmark");
        await Assertions.Expect(page.Locator("person-pick .choose img")).ToHaveAttributeAsync("src", $"/bild/{media}");
        await Assertions.Expect(page.Locator("person-pick > [role=status]")).ToHaveTextAsync("Karin Lindmark, ordförande är ifylld.");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Fyll i" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.FrameLocator("iframe").GetByText("Karin Lindmark")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 30_000 });
        var signature = (await ContentAsync()).Articles().Single().Signature!;
        Assert.That((signature.Role, signature.Portrait!.MediaId, signature.Portrait.Decorative), Is.EqualTo(("ordförande", media, true)));

        await page.GetByLabel("Hämta en person").SelectOptionAsync("Mats Öberg");
        await Assertions.Expect(page.Locator("person-pick .choose img")).ToHaveCountAsync(0);
        // Enter saves what stands there, and fills in nobody.
        await page.Locator("#falt-signature-role").FillAsync("sekreterare");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[data-says]")).ToContainTextAsync("Sparat.");
        Assert.That((await ContentAsync()).Articles().Single().Signature, Is.EqualTo(new Signature { Name = "Mats Öberg", Role = "sekreterare" }));
        await page.PictureAsync("picked");
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    [Test]
    public async Task What_is_seen_of_a_portrait_is_chosen_by_keyboard_or_by_dragging_and_cut_from_what_is_sent()
    {
        var page = await OpenAsync($"{Address}?del=a1b1");
        await page.GetByText("Underskrift", new() { Exact = true }).ClickAsync();
        var field = page.Locator("picture-field[data-name='signature.portrait']");
        // Red, and the right half green: a square of the right half has no red.
        await field.Locator("input[type=file]").SetInputFilesAsync(new FilePayload
        {
            Name = "karin.png",
            MimeType = "image/png",
            Buffer = Convert.FromBase64String(await page.EvaluateAsync<string>(
                "() => { const canvas = document.createElement('canvas'); canvas.width = 800; canvas.height = 400; const brush = canvas.getContext('2d'); brush.fillStyle = '#f00'; brush.fillRect(0, 0, 400, 400); brush.fillStyle = '#0f0'; brush.fillRect(400, 0, 400, 400); return canvas.toDataURL().split(',')[1]; }")),
        });
        await Assertions.Expect(page.GetByLabel("I sidled")).ToBeFocusedAsync();
        await page.PictureAsync("crop");
        Assert.That(await page.AxeAsync(), Is.Empty);
        await page.Keyboard.PressAsync("End");
        await page.GetByRole(AriaRole.Button, new() { Name = "Använd det här" }).PressAsync("Enter");
        await Assertions.Expect(page.Locator("#falt-signature-portrait-alt")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Karin");
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 30_000 });
        Assert.That(await PortraitAsync(page), Is.EqualTo("400×400 0,255"));

        await field.GetByRole(AriaRole.Button, new() { Name = "Beskär bilden" }).ClickAsync();
        await page.GetByLabel("Inzoomning").FillAsync("200");
        var canvas = (await field.Locator(".crop canvas").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(canvas.X + 200, canvas.Y + 100);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(canvas.X + 100, canvas.Y + 100, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Assertions.Expect(page.GetByLabel("I sidled")).Not.ToHaveValueAsync("50");
        await page.GetByRole(AriaRole.Button, new() { Name = "Använd det här" }).ClickAsync();
        await Assertions.Expect(page.Locator("#falt-signature-portrait-alt")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Sparat", new() { Timeout = 30_000 });
        await Until.TrueAsync(async () => (await ContentAsync()).Articles().Single().Signature?.Portrait is { Width: 200, Height: 200 });
        Assert.That(Chromium.Complaints, Is.Empty);
    }

    // Its size, and how red and how green it is in its left upper corner.
    private async Task<string> PortraitAsync(IPage page)
    {
        var media = (await ContentAsync()).Articles().Single().Signature!.Portrait!.MediaId;
        return await page.EvaluateAsync<string>(
            "async media => { const bitmap = await createImageBitmap(await (await fetch('/bild/' + media)).blob()); const canvas = document.createElement('canvas'); const brush = canvas.getContext('2d'); brush.drawImage(bitmap, 0, 0); const [red, green] = brush.getImageData(2, 2, 1, 1).data; return `${bitmap.width}×${bitmap.height} ${red},${green}`; }",
            media);
    }
}
