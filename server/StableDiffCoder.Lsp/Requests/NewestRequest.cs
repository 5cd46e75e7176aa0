namespace StableDiffCoder.Lsp.Requests;

/// <summary>Lets the newest request for a document win: a newer one cancels the one before it.</summary>
internal sealed class NewestRequest
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, CancellationTokenSource> running = new(StringComparer.Ordinal);

    /// <summary>Begins a request and cancels the older one for the same key.</summary>
    /// <param name="key">The document.</param>
    /// <param name="tokens">Cancelling any of these cancels the request too.</param>
    /// <returns>The request's turn; dispose of it at its end.</returns>
    public Turn Begin(string key, params ReadOnlySpan<CancellationToken> tokens)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource([.. tokens]);
        CancellationTokenSource? older;
        lock (gate)
        {
            running.Remove(key, out older);
            running.Add(key, source);
        }
        older?.Cancel();
        return new Turn(this, key, source);
    }

    private void End(string key, CancellationTokenSource source)
    {
        lock (gate)
        {
            if (running.GetValueOrDefault(key) != source)
            {
                // A newer request took it out and may be cancelling it this moment, when it must not be disposed of; nothing else holds it.
                return;
            }
            running.Remove(key);
            source.Dispose();
        }
    }

    /// <summary>One request's time as the newest.</summary>
    public sealed class Turn(NewestRequest owner, string key, CancellationTokenSource source) : IDisposable
    {
        /// <value>Cancelled when a newer request begins or one of the given tokens is.</value>
        public CancellationToken Token { get; } = source.Token;

        /// <inheritdoc/>
        public void Dispose() => owner.End(key, source);
    }
}
