namespace StableDiffCoder.Lsp.Protocol;

/// <summary>
/// A message that the transport puts into the stream itself, at the place where it lost a change of documents: so that it is handled in its
/// turn, behind the changes before it.
/// </summary>
internal sealed record LostChangeParams
{
    /// <summary>The name under which it goes through the connection.</summary>
    public const string Method = "$/lostChange";

    /// <value>The documents whose changes may be lost; empty when it cannot be told, so that every document is meant.</value>
    public required IReadOnlyList<string> Uris { get; init; }
}
