using Npgsql;
using NpgsqlTypes;

namespace SmaKom.Mailer.Deliveries;

/// <summary>Which deliveries of an issue are meant; what is null does not narrow.</summary>
public sealed record DeliveryFilter
{
    /// <summary>Narrows nothing.</summary>
    public static readonly DeliveryFilter All = new();

    /// <summary><see cref="DeliveryState.Waiting"/> means those on their way too, as in a receipt.</summary>
    public DeliveryState? State { get; init; }

    /// <summary>The domain as lower-case A-label.</summary>
    public string? Domain { get; init; }

    /// <summary>As <see cref="Delivery.Reason"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>A basic code (<c>550</c>), an enhanced one (<c>5.1.1</c>) or its beginning (<c>5.7</c>).</summary>
    public string? Code { get; init; }
    public long? SubscriberId { get; init; }

    /// <summary>Only these, of those that the rest of the filter lets through.</summary>
    public IReadOnlyCollection<long>? Ids { get; init; }

    /// <summary>The condition on a delivery called <c>d</c>; its parameters are <see cref="Parameters"/>.</summary>
    internal const string Condition =
        """
        (@states::delivery_state[] IS NULL OR d.state = ANY(@states))
            AND (@domain::text IS NULL OR d.domain = @domain)
            AND (@reason::text IS NULL OR d.reason = @reason)
            AND (@code::text IS NULL OR d.reply_enhanced = @code OR d.reply_code::text = @code OR starts_with(d.reply_enhanced, @code || '.'))
            AND (@subscriber::bigint IS NULL OR d.subscriber_id = @subscriber)
            AND (@ids::bigint[] IS NULL OR d.id = ANY(@ids))
        """;

    internal NpgsqlParameter[] Parameters =>
    [
        new("states", (object?)States ?? DBNull.Value),
        new("domain", NpgsqlDbType.Text) { Value = (object?)Domain ?? DBNull.Value },
        new("reason", NpgsqlDbType.Text) { Value = (object?)Reason ?? DBNull.Value },
        new("code", NpgsqlDbType.Text) { Value = (object?)Code ?? DBNull.Value },
        new("subscriber", NpgsqlDbType.Bigint) { Value = (object?)SubscriberId ?? DBNull.Value },
        new("ids", NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = (object?)Ids?.ToArray() ?? DBNull.Value },
    ];

    private DeliveryState[]? States => State switch
    {
        null => null,
        DeliveryState.Waiting => [DeliveryState.Waiting, DeliveryState.Sending],
        { } one => [one],
    };
}
