using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Tests.Corpus;

public class LicenceHeaderTests
{
    private const string Code = "using System;\n\nclass A { } // Copyright stays here\n";

    [Theory]
    [InlineData("// Licensed to the .NET Foundation.\n// See the LICENSE file.\n\n")]
    [InlineData("//\n// A.cs\n//\n// Author: B\n//\n// Copyright (C) 2004 C\n//\n\n\n")]
    [InlineData("/*\n * Copyright 2004 C\n */\n")]
    [InlineData("// ==++==\n\n/* All rights reserved. */\n\n// more\n")]
    [InlineData("#region License\n// Copyright (c) 2007 B\n#endregion\n\n")]
    public void Strip_LicenceBeforeCode_IsGone(string header) => Assert.Equal(Code, LicenceHeader.Strip(header + Code));

    [Theory]
    [InlineData("// Parses expressions.\nclass A { }\n")]
    [InlineData("/// <summary>Copyright holder.</summary>\nclass A { }\n")]
    [InlineData("class A { } // Copyright\n")]
    [InlineData("/* not closed, copyright\nclass A { }\n")]
    public void Strip_NoHeader_KeepsText(string text) => Assert.Equal(text, LicenceHeader.Strip(text));

    [Fact]
    public void Strip_DocumentationAfterHeader_Stays() =>
        Assert.Equal(
            "/// <summary>A.</summary>\nclass A { }",
            LicenceHeader.Strip("// Copyright B\n\n/// <summary>A.</summary>\nclass A { }")
        );

    [Fact]
    public void Strip_PythonLicence_IsGone() =>
        Assert.Equal(
            "import os\n",
            LicenceHeader.Strip("#! /usr/bin/env python3\n# Copyright (c) 2001 A\n# Licensed to PSF.\n\nimport os\n", "a/b.py")
        );

    [Fact]
    public void Strip_PythonCommentOfAnotherKind_StaysThere() =>
        Assert.Equal("# Adds two numbers.\nx = 1\n", LicenceHeader.Strip("# Adds two numbers.\nx = 1\n", "b.py"));
}
