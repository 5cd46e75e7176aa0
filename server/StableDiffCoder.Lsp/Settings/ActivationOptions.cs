namespace StableDiffCoder.Lsp.Settings;

/// <summary>Where and when suggestions are welcome at all. The one source of these defaults.</summary>
public sealed record ActivationOptions
{
    /// <value>Whether to suggest unasked. Default true.</value>
    public bool Automatic { get; init; } = true;

    /// <value>Whether to suggest nothing unasked while the machine runs on battery. Default false.</value>
    public bool PauseOnBattery { get; init; }

    /// <value>Language ids, as the client spells them, without suggestions unasked. Default none.</value>
    public IReadOnlyList<string> DisabledLanguages { get; init; } = [];

    /// <value>
    /// Schemes of document names with suggestions; elsewhere (the old side of a diff, output panes, the commit box) there are none at all. Default
    /// "file", "untitled", "vscode-notebook-cell", "vscode-remote", "vscode-vfs".
    /// </value>
    public IReadOnlyList<string> Schemes { get; init; } = ["file", "untitled", "vscode-notebook-cell", "vscode-remote", "vscode-vfs"];

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        if (DisabledLanguages.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("disabledLanguages has a blank entry; remove it");
        }
        if (Schemes.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("schemes has a blank entry; remove it");
        }
    }
}
