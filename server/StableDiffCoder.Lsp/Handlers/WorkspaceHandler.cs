using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>The folders of the workspace, and what the client tells of their files.</summary>
internal sealed class WorkspaceHandler(Session session)
{
    /// <summary>Takes note of folders that came and went.</summary>
    public void FoldersChanged(DidChangeWorkspaceFoldersParams parameters) =>
        session.ChangeFolders(
            parameters.Event.Added.OfType<WorkspaceFolder>().Select(folder => folder.Uri),
            parameters.Event.Removed.OfType<WorkspaceFolder>().Select(folder => folder.Uri)
        );
}
