using System.Text.Json;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>Asks the client for settings
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#workspace_configuration">spec</see>).</summary>
internal sealed record ConfigurationParams
{
    /// <value>The sections that are asked for.</value>
    public required IReadOnlyList<ConfigurationItem> Items { get; init; }
}

/// <summary>One section of the settings.</summary>
internal sealed record ConfigurationItem
{
    /// <value>Its name.</value>
    public required string Section { get; init; }
}

/// <summary>The settings changed
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#workspace_didChangeConfiguration">spec</see>).</summary>
internal sealed record DidChangeConfigurationParams
{
    /// <value>The settings, from clients that push them.</value>
    public JsonElement? Settings { get; init; }
}

/// <summary>Asks the client to send more
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#client_registerCapability">spec</see>).</summary>
internal sealed record RegistrationParams
{
    /// <value>What is asked for.</value>
    public required IReadOnlyList<Registration> Registrations { get; init; }
}

/// <summary>One thing that a server asks to be sent.</summary>
internal sealed record Registration
{
    /// <value>Names the registration.</value>
    public required string Id { get; init; }

    /// <value>The method.</value>
    public required string Method { get; init; }

    /// <value>What the method wants to know; null for methods that want nothing.</value>
    public DidChangeWatchedFilesRegistrationOptions? RegisterOptions { get; init; }
}
