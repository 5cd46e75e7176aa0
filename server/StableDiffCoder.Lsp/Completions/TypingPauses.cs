namespace StableDiffCoder.Lsp.Completions;

/// <summary>
/// How the user types: the pauses between changes of one document. A suggestion unasked waits until the present pause is longer than most,
/// so that no work is begun that the next key would undo.
/// </summary>
internal sealed class TypingPauses(TimeProvider time)
{
    private const int Remembered = 32;
    private const int Fewest = 5;
    private const double Most = 0.8;

    // Before anything is known of the user.
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(75);

    // A longer one is no pause between two keys.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Queue<TimeSpan> pauses = new();
    private string? typedIn;
    private long typedAt;

    /// <summary>Notes that a document changed just now.</summary>
    public void Note(string uri)
    {
        lock (gate)
        {
            long now = time.GetTimestamp();
            TimeSpan pause = time.GetElapsedTime(typedAt, now);
            if (typedIn == uri && pause <= Longest)
            {
                pauses.Enqueue(pause);
                if (pauses.Count > Remembered)
                {
                    pauses.Dequeue();
                }
            }
            (typedIn, typedAt) = (uri, now);
        }
    }

    /// <summary>How long a suggestion in a document should still wait; zero when the pause is long enough already.</summary>
    public TimeSpan Left(string uri, InlineCompletionOptions options)
    {
        lock (gate)
        {
            if (typedIn != uri)
            {
                return TimeSpan.Zero;
            }
            TimeSpan left = Wait(options) - time.GetElapsedTime(typedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private TimeSpan Wait(InlineCompletionOptions options)
    {
        var least = TimeSpan.FromMilliseconds(options.LeastDebounce);
        var most = TimeSpan.FromMilliseconds(options.MostDebounce);
        TimeSpan[] sorted = [.. pauses.Order()];
        if (sorted.Length >= Fewest && sorted[sorted.Length / 2] > most)
        {
            // Between the keys of a slow typist there is time for a suggestion; waiting would only show it later.
            return least;
        }
        TimeSpan wait = sorted.Length < Fewest ? First : sorted[(int)(Most * (sorted.Length - 1))];
        return wait < least ? least
            : wait > most ? most
            : wait;
    }
}
