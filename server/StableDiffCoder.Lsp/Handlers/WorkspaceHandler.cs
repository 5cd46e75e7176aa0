using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;
using StableDiffCoder.Lsp.Settings;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>The folders of the workspace.</summary>
internal sealed class WorkspaceHandler(Session session, WorkspaceContext context, CurrentSettings settings)
{
    /// <summary>Takes note of folders that came and went.</summary>
    public void FoldersChanged(DidChangeWorkspaceFoldersParams parameters)
    {
        session.ChangeFolders(
            parameters.Event.Added.OfType<WorkspaceFolder>().Select(folder => folder.Uri),
            parameters.Event.Removed.OfType<WorkspaceFolder>().Select(folder => folder.Uri)
        );
        context.Use(settings.Value, session.Folders);
    }
}
