using Microsoft.Extensions.Logging;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>didOpen, didChange, didClose: the only writers of the document store.</summary>
internal sealed class TextSyncHandler(DocumentStore documents, ILogger logger)
{
    /// <summary>Opens a document.</summary>
    public void DidOpen(DidOpenTextDocumentParams parameters) => documents.Open(parameters.TextDocument);

    /// <summary>Changes a document.</summary>
    public void DidChange(DidChangeTextDocumentParams parameters)
    {
        if (parameters.ContentChanges.Any(change => change is null))
        {
            throw new LspException(LspErrorCodes.InvalidParams, "contentChanges has a null; give an edit");
        }
        if (!documents.Change(parameters))
        {
            Log.NotificationDropped(logger, LspMethods.DidChange, "the document is not open");
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
}
