using System.Collections.Concurrent;

namespace SmaKom.Mailer.Sql;

/// <summary>
/// One query for all who look. What was read serves for <paramref name="freshFor"/>, and for twenty times as long as reading it took: a database
/// that sends at full speed gives a twentieth of one core to those who watch, however many they are. Where reading takes long, nobody who has
/// looked lately waits for it: they get what was read before, half a minute old at most, while it is read anew.
/// </summary>
public sealed class SharedQuery<TKey, T>(Func<TKey, Task<T>> read, TimeSpan freshFor, TimeProvider time) where TKey : notnull
{
    private const int RestPerWork = 20;
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OldAtMost = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<TKey, Place> places = new();

    public Task<T> GetAsync(TKey key, CancellationToken ct) => places.GetOrAdd(key, _ => new()).Get(key, this).WaitAsync(ct);

    private sealed class Place
    {
        private readonly Lock gate = new();
        private Task<T>? reading;
        private Task<T>? last;
        private long readAt;
        private TimeSpan goodFor;
        private TimeSpan took;

        public Task<T> Get(TKey key, SharedQuery<TKey, T> owner)
        {
            lock (gate)
            {
                var age = owner.Time.GetElapsedTime(readAt);
                if (last is not null && age < goodFor) return last;
                if (reading is not { IsCompleted: false }) reading = ReadAsync(key, owner);
                return last is not null && took > Long && age < OldAtMost ? last : reading;
            }
        }

        private async Task<T> ReadAsync(TKey key, SharedQuery<TKey, T> owner)
        {
            var began = owner.Time.GetTimestamp();
            var result = await owner.Read(key);
            lock (gate)
            {
                readAt = owner.Time.GetTimestamp();
                took = owner.Time.GetElapsedTime(began, readAt);
                last = Task.FromResult(result);
                var rest = took * RestPerWork;
                goodFor = rest > owner.FreshFor ? rest : owner.FreshFor;
            }

            return result;
        }
    }

    private Func<TKey, Task<T>> Read => read;
    private TimeSpan FreshFor => freshFor;
    private TimeProvider Time => time;
}
