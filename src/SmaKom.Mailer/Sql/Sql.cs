using Npgsql;

namespace SmaKom.Mailer.Sql;

internal static class Sql
{
    /// <summary>The command with these parameters: <c>command.With(new("issue", id))</c>.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, params NpgsqlParameter[] parameters)
    {
        command.Parameters.AddRange(parameters);
        return command;
    }
}
