namespace StableDiffCoder.Lsp.Settings;

/// <summary>The options as the client configured them last. Read by anyone, written by the configuration handler.</summary>
internal sealed class CurrentSettings(LanguageServerOptions initial)
{
    private volatile LanguageServerOptions value = initial;

    /// <summary>Told after each change, with the new options.</summary>
    public event Action<LanguageServerOptions>? Changed;

    /// <value>The options without any configuration.</value>
    public LanguageServerOptions Initial { get; } = initial;

    /// <value>The present options.</value>
    public LanguageServerOptions Value => value;

    /// <summary>Replaces them.</summary>
    public void Replace(LanguageServerOptions next)
    {
        value = next;
        Changed?.Invoke(next);
    }
}
