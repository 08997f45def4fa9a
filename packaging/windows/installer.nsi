; Installer for Windows 10 1809 and later, 64 bit. Called by tools/package.py, which defines the symbols with -D.
;
; A double click installs for the current user, without administrator rights, and asks only for the folder.
; For all users, silently, from a console of an administrator:   setup.exe /S /ALLUSERS [/D=C:\folder]
; Exit codes: 0 done, 1 cancelled, 2 not possible (the reason is shown, unless /S).

Unicode true
ManifestDPIAware true
SetCompressor /SOLID lzma
RequestExecutionLevel user

!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "FileFunc.nsh"
!include "WinVer.nsh"
!include "x64.nsh"

!define OLDEST_BUILD 17763 ; Windows 10 1809
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${PROGRAM}"
!define OWN_KEY "Software\${PROGRAM}"
!define FILE_KIND "${PROGRAM}.data"

Name "${NAME}"
OutFile "${OUTPUT}"
BrandingText "${NAME} ${VERSION}"
InstallDir ""
VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=2052 "ProductName" "${NAME}"
VIAddVersionKey /LANG=2052 "FileDescription" "${NAME}安装程序"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "LegalCopyright" "木兰宽松许可证，第2版"

Var Everybody ; "yes" when installing for all users

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

!macro Stop sentence
  SetErrorLevel 2
  MessageBox MB_OK|MB_ICONSTOP "${sentence}" /SD IDOK
  Quit
!macroend

; Sets the context of SHCTX and $SMPROGRAMS: current user, or all users with /ALLUSERS. Without administrator rights the
; program `itself` is then started again with a request for them (UAC), because the list of programs in Windows' settings
; starts the uninstaller without them.
!macro ChooseContext itself
  SetRegView 64
  SetShellVarContext current
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/ALLUSERS" $R1
  ${IfNot} ${Errors}
    UserInfo::GetAccountType
    Pop $R1
    ${If} $R1 != "Admin"
      ${IfNot} ${Silent}
        ExecShell "runas" "${itself}" "/ALLUSERS"
        Quit
      ${EndIf}
      !insertmacro Stop "为所有用户安装或卸载，需要以管理员身份运行"
    ${EndIf}
    SetShellVarContext all
    StrCpy $Everybody "yes"
  ${EndIf}
!macroend

; The program's own file cannot be opened for writing while it runs.
!macro RefuseWhileRunning
  ${If} ${FileExists} "$INSTDIR\${PROGRAM}.exe"
    ClearErrors
    FileOpen $R0 "$INSTDIR\${PROGRAM}.exe" a
    ${If} ${Errors}
      !insertmacro Stop "本软件正在运行，请关闭后再试"
    ${EndIf}
    FileClose $R0
  ${EndIf}
!macroend

!macro RemoveFiles
  Delete "$INSTDIR\${PROGRAM}.exe"
  Delete "$INSTDIR\${PROGRAM}-cli.exe"
  RMDir /r "$INSTDIR\_internal"
!macroend

Function .onInit
  ${IfNot} ${RunningX64}
    !insertmacro Stop "需要 64 位的 Windows"
  ${EndIf}
  ${IfNot} ${AtLeastBuild} ${OLDEST_BUILD}
    !insertmacro Stop "需要 Windows 10 1809 或更新的版本，不支持 Windows 7"
  ${EndIf}
  !insertmacro ChooseContext "$EXEPATH"
  ${If} $INSTDIR == "" ; /D= was not given
    ReadRegStr $INSTDIR SHCTX "${OWN_KEY}" "Folder"
  ${EndIf}
  ${If} $INSTDIR == ""
    ${If} $Everybody == "yes"
      StrCpy $INSTDIR "$PROGRAMFILES64\${PROGRAM}"
    ${Else}
      StrCpy $INSTDIR "$LOCALAPPDATA\Programs\${PROGRAM}"
    ${EndIf}
  ${EndIf}
FunctionEnd

Section
  !insertmacro RefuseWhileRunning
  !insertmacro RemoveFiles ; of an older version; drafts are stored elsewhere
  SetOutPath "$INSTDIR"
  ClearErrors
  File /r "${SOURCE}\*.*"
  ${If} ${Errors}
    !insertmacro Stop "无法写入 $INSTDIR，请换一个文件夹，或检查磁盘空间"
  ${EndIf}
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${PROGRAM}.exe"

  WriteRegStr SHCTX "${OWN_KEY}" "Folder" "$INSTDIR"
  WriteRegStr SHCTX "Software\Classes\.zwgk" "" "${FILE_KIND}"
  WriteRegStr SHCTX "Software\Classes\${FILE_KIND}" "" "政府信息公开工作年度报告数据文件"
  WriteRegStr SHCTX "Software\Classes\${FILE_KIND}\DefaultIcon" "" "$INSTDIR\${PROGRAM}.exe,0"
  WriteRegStr SHCTX "Software\Classes\${FILE_KIND}\shell\open\command" "" '"$INSTDIR\${PROGRAM}.exe" open "%1"'
  ${RefreshShellIcons}

  WriteRegStr SHCTX "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${PROGRAM}.exe"
  WriteRegStr SHCTX "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  ${If} $Everybody == "yes"
    WriteRegStr SHCTX "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe" /ALLUSERS'
    WriteRegStr SHCTX "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S /ALLUSERS'
  ${Else}
    WriteRegStr SHCTX "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr SHCTX "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  ${EndIf}
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD SHCTX "${UNINSTALL}" "EstimatedSize" $0
SectionEnd

Function un.onInit
  !insertmacro ChooseContext "$INSTDIR\uninstall.exe"
FunctionEnd

; Removes only what was installed: the drafts in %LOCALAPPDATA%\zwgk-annual-report of each user and other files in the
; program's folder remain.
Section "Uninstall"
  !insertmacro RefuseWhileRunning
  !insertmacro RemoveFiles
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey SHCTX "${UNINSTALL}"
  DeleteRegKey SHCTX "${OWN_KEY}"
  DeleteRegKey SHCTX "Software\Classes\${FILE_KIND}"
  ReadRegStr $0 SHCTX "Software\Classes\.zwgk" ""
  ${If} $0 == "${FILE_KIND}"
    DeleteRegKey SHCTX "Software\Classes\.zwgk"
  ${EndIf}
  ${RefreshShellIcons}
SectionEnd
