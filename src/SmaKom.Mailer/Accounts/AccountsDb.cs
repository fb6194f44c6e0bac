using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using SmaKom.Mailer.Database;

namespace SmaKom.Mailer.Accounts;

/// <summary>Identity's model on the same database. Its tables are made by the one chain of migrations (0003_accounts.sql).</summary>
public sealed class AccountsDb(DbContextOptions<AccountsDb> options) : IdentityDbContext<StaffMember, IdentityRole<int>, int>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<StaffMember>().ToTable("staff_member");
        builder.Entity<IdentityRole<int>>().ToTable("staff_role");
        builder.Entity<IdentityUserRole<int>>().ToTable("staff_member_role");
        builder.Entity<IdentityUserClaim<int>>().ToTable("staff_member_claim");
        builder.Entity<IdentityRoleClaim<int>>().ToTable("staff_role_claim");
        builder.Entity<IdentityUserLogin<int>>().ToTable("staff_login");
        builder.Entity<IdentityUserToken<int>>().ToTable("staff_token");
        // Identity limits lengths for other databases' sake; here text is text.
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties())) property.SetMaxLength(null);
        MailerDb.NameColumnsInSnakeCase(builder.Model);
    }
}
