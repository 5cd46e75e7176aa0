using System.Text.Json;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>
/// didOpen, didChange, didClose: the only writers of the document store. A change that cannot be applied is never skipped: its document is out of
/// step from then on, which is told once.
/// </summary>
internal sealed class TextSyncHandler(DocumentStore documents, ClientWindow window, ILogger logger)
{
    /// <summary>Opens a document.</summary>
    public void DidOpen(DidOpenTextDocumentParams parameters) => documents.Open(parameters.TextDocument);

    /// <summary>Changes a document.</summary>
    public void DidChange(DidChangeTextDocumentParams parameters)
    {
        string uri = parameters.TextDocument.Uri;
        if (parameters.ContentChanges.Any(change => change is null))
        {
            Lose(uri, "contentChanges has a null");
            throw new LspException(LspErrorCodes.InvalidParams, "contentChanges has a null; give an edit");
        }
        switch (documents.Change(parameters))
        {
            case ChangeOutcome.NotOpen:
                Log.NotificationDropped(logger, LspMethods.DidChange, "the document is not open");
                break;
            case ChangeOutcome.OutOfStep:
                Warn(uri);
                break;
        }
    }

    /// <summary>Closes a document.</summary>
    public void DidClose(DidCloseTextDocumentParams parameters)
    {
        if (!documents.Close(parameters.TextDocument.Uri))
        {
            Log.NotificationDropped(logger, LspMethods.DidClose, "the document is not open");
        }
    }

    /// <summary>Takes note of parameters of didOpen or didChange that have the wrong shape.</summary>
    public void Unreadable(JsonElement parameters)
    {
        bool isNamed =
            parameters.ValueKind == JsonValueKind.Object
            && parameters.TryGetProperty("textDocument", out JsonElement document)
            && document.ValueKind == JsonValueKind.Object
            && document.TryGetProperty("uri", out JsonElement uri)
            && uri.ValueKind == JsonValueKind.String;
        ChangeLost(new LostChangeParams { Uris = isNamed && UriOf(parameters) is string named ? [named] : [] });
    }

    /// <summary>Takes note of changes that never arrived.</summary>
    public void ChangeLost(LostChangeParams parameters)
    {
        foreach (string uri in parameters.Uris.Count > 0 ? parameters.Uris : documents.Uris)
        {
            Lose(uri, "a change of it could not be read");
        }
    }

    private void Lose(string uri, string problem)
    {
        if (documents.Lose(uri, problem))
        {
            Warn(uri);
        }
    }

    private void Warn(string uri)
    {
        string problem = documents.ProblemOf(uri) ?? "";
        string name = uri[(uri.TrimEnd('/').LastIndexOf('/') + 1)..];
        Log.OutOfStep(logger, uri, problem);
        window.Warn($"No completions in {name}: {problem}. Close the file and open it again.");
    }

    private static string? UriOf(JsonElement parameters)
    {
        try
        {
            return parameters.GetProperty("textDocument").GetProperty("uri").GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair: no open document is called so
        }
    }
}
