using Microsoft.Extensions.FileSystemGlobbing;

namespace StableDiffCoder.Lsp.Context;

/// <summary>Files whose text the model must not see: they get no completion and are never shown beside another. The one source of these defaults.</summary>
public sealed record ExclusionOptions
{
    /// <value>Files to exclude: globs below a workspace folder, such as "generated/**". Default none.</value>
    public IReadOnlyList<string> Globs { get; init; } = [];

    /// <value>Files that hold secrets: globs too. Default environments, keys and certificates.</value>
    public IReadOnlyList<string> Secrets { get; init; } =
    [
        "**/.env*",
        "**/*.env",
        "**/*.pem",
        "**/*.key",
        "**/*.pfx",
        "**/*.p12",
        "**/*.jks",
        "**/*.keystore",
        "**/*.crt",
        "**/*.cer",
        "**/*.der",
        "**/*.snk",
        "**/*.kdbx",
        "**/id_rsa*",
        "**/id_dsa*",
        "**/id_ecdsa*",
        "**/id_ed25519*",
        "**/.ssh/**",
        "**/.aws/**",
        "**/.netrc",
        "**/.npmrc",
        "**/.pypirc",
        "**/.git-credentials",
    ];

    /// <value>Whether what git ignores is excluded. Default true.</value>
    public bool GitIgnored { get; init; } = true;

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Check("globs", Globs);
        Check("secrets", Secrets);
    }

    private static void Check(string name, IReadOnlyList<string> globs)
    {
        foreach (string glob in globs)
        {
            if (string.IsNullOrWhiteSpace(glob))
            {
                throw new ArgumentException($"{name} has a blank entry; remove it");
            }
            try
            {
                new Matcher().AddInclude(glob);
            }
            catch (ArgumentException exception)
            {
                throw new ArgumentException($"{name} has \"{glob}\", which is no glob ({exception.Message})", exception);
            }
        }
    }
}
