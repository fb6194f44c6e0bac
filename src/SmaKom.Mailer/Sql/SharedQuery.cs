using System.Collections.Concurrent;

namespace SmaKom.Mailer.Sql;

/// <summary>
/// One query for all who look. What was read serves for <paramref name="freshFor"/>, and for twenty times as long as reading it took: a database
/// that sends at full speed gives a twentieth of one core to those who watch, however many they are.
/// </summary>
public sealed class SharedQuery<TKey, T>(Func<TKey, Task<T>> read, TimeSpan freshFor, TimeProvider time) where TKey : notnull
{
    private const int RestPerWork = 20;
    private readonly ConcurrentDictionary<TKey, Place> places = new();

    public Task<T> GetAsync(TKey key, CancellationToken ct) => places.GetOrAdd(key, _ => new()).Get(key, this).WaitAsync(ct);

    private sealed class Place
    {
        private readonly Lock gate = new();
        private Task<T>? reading;
        private long readAt;
        private TimeSpan goodFor;

        public Task<T> Get(TKey key, SharedQuery<TKey, T> owner)
        {
            lock (gate)
            {
                var serves = reading is { IsCompleted: false } || reading is { IsCompletedSuccessfully: true } && owner.Time.GetElapsedTime(readAt) < goodFor;
                return serves ? reading! : reading = ReadAsync(key, owner);
            }
        }

        private async Task<T> ReadAsync(TKey key, SharedQuery<TKey, T> owner)
        {
            var began = owner.Time.GetTimestamp();
            var result = await owner.Read(key);
            lock (gate)
            {
                readAt = owner.Time.GetTimestamp();
                var rest = owner.Time.GetElapsedTime(began, readAt) * RestPerWork;
                goodFor = rest > owner.FreshFor ? rest : owner.FreshFor;
            }

            return result;
        }
    }

    private Func<TKey, Task<T>> Read => read;
    private TimeSpan FreshFor => freshFor;
    private TimeProvider Time => time;
}
