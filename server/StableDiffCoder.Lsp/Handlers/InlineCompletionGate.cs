using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;
using StableDiffCoder.Lsp.Settings;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>Stands before inline completion and refuses where and when suggestions are not welcome at all.</summary>
internal sealed class InlineCompletionGate(
    DocumentStore documents,
    CurrentSettings settings,
    PowerSource power,
    ICompletionJournal journal,
    WorkspaceContext context,
    Func<InlineCompletionParams, CancellationToken, Task<InlineCompletionList?>> completion
)
{
    /// <summary>What the handler behind the gate answers, or null.</summary>
    public Task<InlineCompletionList?> HandleAsync(InlineCompletionParams parameters, CancellationToken cancellationToken)
    {
        string uri = parameters.TextDocument.Uri;
        bool invoked = parameters.Context?.TriggerKind == InlineCompletionContext.Invoked;
        if (Refuse(uri, invoked) is not Silence why)
        {
            return completion(parameters, cancellationToken);
        }
        journal.Silenced(
            new CompletionSilence
            {
                Uri = uri,
                Line = parameters.Position.Line,
                Invoked = invoked,
                Why = why,
            }
        );
        return Task.FromResult<InlineCompletionList?>(null);
    }

    private Silence? Refuse(string uri, bool invoked)
    {
        if (documents.ProblemOf(uri) is string problem)
        {
            return new Silence("OutOfStep", problem);
        }
        ActivationOptions options = settings.Value.Activation;
        string language = documents.Find(uri)?.LanguageId ?? "";
        return DocumentKinds.Refuse(uri, language, options) ?? context.Refuse(uri) ?? (invoked ? null : RefuseUnasked(language, options));
    }

    private Silence? RefuseUnasked(string language, ActivationOptions options) =>
        !options.Automatic ? new Silence("Automatic", "activation.automatic is off")
        : options.DisabledLanguages.Contains(language, StringComparer.OrdinalIgnoreCase)
            ? new Silence("Language", $"activation.disabledLanguages has \"{language}\"")
        : options.PauseOnBattery && power.IsBattery
            ? new Silence("Battery", "the machine runs on battery, and activation.pauseOnBattery is on")
        : null;
}
