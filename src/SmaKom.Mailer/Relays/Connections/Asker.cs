namespace SmaKom.Mailer.Relays.Connections;

/// <summary>Who waits for a connection.</summary>
/// <param name="Only">To this relay; null: to one that is to be used now.</param>
internal sealed record Asker(Relay? Only, bool AtOnce, TaskCompletionSource<RelaySlot> Answer);

/// <summary>A relay that somebody waits for.</summary>
/// <param name="Most">Connections that it may have.</param>
/// <param name="Only">Null: to whom any relay is good that is to be used now. Else: to whom only this one is.</param>
internal sealed record Offer(Relay Relay, int Most, short? Only);
