namespace StableDiffCoder.Lsp.Settings;

/// <summary>What is counted on this machine. The one source of these defaults.</summary>
public sealed record StatisticsOptions
{
    /// <value>Whether counts outlive the session, in a file of this machine. They never leave it. Default true.</value>
    public bool Keep { get; init; } = true;
}
